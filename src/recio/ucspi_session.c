/*
 * Tells the recorder how far TLS is. Invariant: the note about TLS precedes the
 * first clear byte. Tested by tests/sh/recio-ucspi-tls.t.
 */
#include "recio/ucspi_session.h"

static bool has_agreed(void *ctx)
{
	const struct ucspi_session *session = ctx;

	return recorder_has_agreed(session->recorder);
}

static void note_tls(void *ctx)
{
	struct ucspi_session *session = ctx;
	char text[NOTE_MAX];

	tls_variables_note(&session->variables, text);
	recorder_begin_tls(session->recorder, text);
	recorder_follow(session->recorder, false);
}

static void read_answer(void *ctx, const char *at, size_t len)
{
	struct ucspi_session *session = ctx;

	tls_variables_read(&session->variables, at, len);
}

static void note_failure(void *ctx)
{
	static const char why[] = "it ended before any byte";
	struct ucspi_session *session = ctx;
	char text[NOTE_MAX];

	session_notes_unseen(text, why, sizeof why);
	recorder_note(session->recorder, "TLS");
	recorder_note(session->recorder, text);
	recorder_follow(session->recorder, false);
}

static void stop_following(void *ctx)
{
	struct ucspi_session *session = ctx;

	recorder_follow(session->recorder, false);
}

void ucspi_session_begin(struct ucspi_session *session, struct relay *relay,
			 struct recorder *recorder)
{
	const struct ucspi_tls_events events = {.ctx = session,
						.has_agreed = has_agreed,
						.answer = read_answer,
						.begin = note_tls,
						.fail = note_failure,
						.decline = stop_following};

	session->recorder = recorder;
	recorder_follow(recorder, true);
	ucspi_tls_join(&session->tls, relay, &events);
}

void ucspi_session_finish(struct ucspi_session *session)
{
	ucspi_tls_finish(&session->tls);
}
