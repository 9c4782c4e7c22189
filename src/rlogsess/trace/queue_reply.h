/* The IDs that a server's reply gives to a mail that it has queued. */
#ifndef QUEUE_REPLY_H
#define QUEUE_REPLY_H

#include <stdint.h>

#include "rlogsess/slice.h"

/* Returns N of "250 ok TIME qp N", as qmail and qpsmtpd reply, or 0. */
uint64_t queue_reply_qp(struct slice reply);

/*
 * Returns the ID of "250 OK id=ID" (exim), "250 2.0.0 Ok: queued as ID"
 * (Postfix) or "250 2.0.0 ID Message accepted for delivery" (sendmail,
 * OpenSMTPD), or an empty slice.  A word may end with one of the bytes in ends,
 * too: qmail-send logs the reply of a remote server with "_" for spaces.
 */
struct slice queue_reply_id(struct slice reply, const char *ends);

#endif
