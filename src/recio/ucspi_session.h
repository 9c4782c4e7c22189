/*
 * Records a session in which the program asks its server for TLS (UCSPI-TLS):
 * joins the relays of relay/ucspi_tls.h with the recorder.
 */
#ifndef UCSPI_SESSION_H
#define UCSPI_SESSION_H

#include <stdbool.h>

#include "recio/recorder.h"
#include "recio/tls_variables.h"
#include "relay/ucspi_tls.h"

struct ucspi_session {
	bool on; /* the environment names descriptors; the rest is used */
	struct recorder *recorder;
	struct tls_variables variables;
	struct ucspi_tls tls;
};

/*
 * For the relay: watches this relay, and follows its dialogue to the place
 * where TLS begins. The recorder has a dialect.
 */
void ucspi_session_begin(struct ucspi_session *session, struct relay *relay,
			 struct recorder *recorder);

/* For the relay, after relay_run. */
void ucspi_session_finish(struct ucspi_session *session);

#endif
