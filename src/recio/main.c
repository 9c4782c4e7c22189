/*
 * recio: becomes a program, and relays and records its input and output.
 * Tested by tests/sh/recio-*.t.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>

#include <skalibs/strerr.h>
#include <skalibs/tai.h>

#include "base/std_options.h"
#include "recio/recio_help.h"
#include "recio/recio_options.h"
#include "recio/recorder.h"
#include "recio/session_notes.h"
#include "recio/ucspi_session.h"
#include "relay/interpose.h"

char const *PROG = "recio";

/*
 * One object, the small and busy parts first: an idle relay has touched hardly
 * more than a page of it.
 */
static struct {
	int log;
	struct relay relay;
	struct recorder recorder;
	struct ucspi_session ucspi;
	char chunk[2][CHANNEL_CHUNK];
	char unloadable[NOTE_MAX]; /* why the program has no companion */
} session;

/* The descriptors of the session. */
static struct interpose_session
session_place(const struct recio_options *options)
{
	return options->client ? interpose_client : interpose_server;
}

#define CHAIN "s6-ucspitlsd ... smtpd-starttls-proxy-io recio qmail-smtpd"

/*
 * Dies where prog could ask its server for TLS and the record's protocol does
 * not say when.
 */
static void find_ucspi_tls(const struct recio_options *options)
{
	if (!getenv("SSLCTLFD"))
		return;
	if (!options->protocol || options->protocol == &dialect_auto)
		strerr_dief(100, "SSLCTLFD is set: prog may ask for TLS, and "
				 "only -p with a protocol's name, not auto, "
				 "says when; or put recio behind what does "
				 "TLS: " CHAIN);
	switch (ucspi_tls_find(&session.ucspi.tls, session_place(options))) {
	case UCSPI_TLS_NONE: break;
	case UCSPI_TLS_FOUND: session.ucspi.on = true; break;
	case UCSPI_TLS_SHARED:
		strerr_dief(100, "SSLCTLFD, SSLREADFD or SSLWRITEFD is also "
				 "another descriptor of the session; put recio "
				 "behind what does TLS: " CHAIN);
	}
	if (session.ucspi.on && ucspi_tls_open(&session.ucspi.tls) < 0)
		strerr_diefusys(111, "make descriptors for TLS");
}

/*
 * In the record and not at the start of the program, so that -d does not wait.
 * Notes that do not depend on the program, or that may give it rights, are
 * always written.
 */
static void note_preload(const struct preload *preload,
			 struct recorder *recorder,
			 const struct recio_options *options)
{
	char note[NOTE_MAX];

	if (!preload->has_peer)
		return;
	if (preload->state == PRELOAD_BROKEN ||
	    preload->state == PRELOAD_REFUSED ||
	    (preload->state == PRELOAD_IMPOSSIBLE && options->verbose)) {
		session_notes_preload(note, preload, options->program[0]);
		recorder_note(recorder, note);
	}
}

static void record_session(const struct interpose *interpose,
			   struct relay *relay, struct recorder *recorder,
			   const struct recio_options *options)
{
	char note[NOTE_MAX];
	struct tain_s start, seconds;

	tain_now_set_stopwatch_g();
	tain_copynow(&start);
	if (options->verbose) {
		session_notes_start(note, options->program[0]);
		recorder_note(recorder, note);
	}
	note_preload(&interpose->preload, recorder, options);
	relay_run(relay);
	if (session.ucspi.on)
		ucspi_session_finish(&session.ucspi);
	/* The peer has gone, and the program still reads what it sent. */
	if (relay->channel[RELAY_OUT].why == CHANNEL_RESET) {
		interpose_end(interpose);
		recorder_wait_inside(recorder, relay->timeout);
	}
	recorder_finish(recorder);
	if (relay->channel[RELAY_OUT].why == CHANNEL_TIMED_OUT) {
		session_notes_gave_up(note, relay);
		recorder_note(recorder, note);
	}
	tain_now_g();
	tain_sub(&seconds, &STAMP, &start);
	if (options->verbose) {
		session_notes_end(note, relay, tain_approx(&seconds));
		recorder_note(recorder, note);
	}
	/* The session is over; only the log is left to wait for. */
	interpose_end(interpose);
	sink_end(&recorder->sink, relay->timeout);
}

static void look_inside(const struct interpose *interpose, const char *program)
{
	const struct preload *preload = &interpose->preload;

	if (preload->kind)
		snprintf(session.unloadable, sizeof session.unloadable,
			 "%.400s is %s", program, preload->kind);
	recorder_look_inside(&session.recorder, interpose->clear,
			     interpose->pid,
			     preload->kind ? session.unloadable : NULL);
}

static void run_recorder(const struct interpose *interpose, void *ctx)
{
	const struct recio_options *options = ctx;
	struct relay *relay = &session.relay;
	struct record_form form;
	int kept[INTERPOSE_KEPT];
	size_t n = 0;

	record_form_init(&form, interpose->pid, options->labels);
	form.raw = options->raw;
	form.dump = options->dump;
	if (options->width && options->width < form.width)
		form.width = options->width;
	recorder_init(&session.recorder, &form, session.log, options->drop);
	memcpy(session.recorder.show, options->show, sizeof options->show);
	session.recorder.lines = options->lines;
	session.recorder.limit = options->limit;
	session.recorder.outgoing = options->client;
	if (options->protocol)
		recorder_choose(&session.recorder, options->protocol,
				options->secrets, options->contents);
	else if (options->looks_inside)
		recorder_choose(&session.recorder, &dialect_plain, true, true);
	if (options->looks_inside)
		look_inside(interpose, options->program[0]);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++)
		relay->channel[dir].buf = session.chunk[dir];
	relay->timeout = options->timeout;
	relay->tap = recorder_tap(&session.recorder);
	kept[n++] = session.log;
	if (session.ucspi.on)
		n += ucspi_tls_kept(&session.ucspi.tls, kept + n);
	interpose_relay(interpose, kept, n, relay);
	if (session.ucspi.on)
		ucspi_session_begin(&session.ucspi, relay, &session.recorder);
	record_session(interpose, relay, &session.recorder, options);
}

/* The log's descriptor, -1 if it is closed: that must not end a session. */
static int open_log(const struct recio_options *options)
{
	int log = (int)options->log;

	if (fcntl(log, F_GETFD) >= 0)
		return log;
	if (log != 2)
		strerr_warnw("the descriptor of the log is not open: nothing "
			     "will be recorded");
	return -1;
}

/*
 * Returns true if the environment asks for a record. Its mistakes must not end
 * a session.
 */
static bool wanted(struct recio_options *options)
{
	const char *more = getenv("RECIO");

	if (!more)
		return false;
	if (recio_options_add(options, more) == 0)
		return true;
	strerr_warnw("nothing will be recorded: RECIO: ", options->bad);
	return false;
}

static void become_program(const struct recio_options *options)
{
	execvp(options->program[0], (char *const *)options->program);
	strerr_diefusys(errno == ENOENT ? 127 : 126, "run ",
			options->program[0]);
}

static void interpose_recorder(struct recio_options *options)
{
	struct interpose_session session_fds = session_place(options);
	struct interpose interpose;

	session_fds.sees_clear = options->looks_inside;
	/* A dialect must see both directions. */
	for (int dir = RELAY_IN; dir <= RELAY_OUT && !options->protocol; dir++)
		session_fds.unneeded[dir] = !options->show[dir];
	if (interpose_start(&interpose, session_fds, options->program[0],
			    run_recorder, options) == 0)
		return;
	if (options->looks_inside && interpose.preload.state == PRELOAD_BROKEN)
		strerr_dief(111, "unable to ", interpose.failed, ": ",
			    interpose.preload.why);
	strerr_diefusys(111, interpose.failed);
}

int main(int argc, char **argv)
{
	int answer = std_options_answer(argc, (char const *const *)argv,
					"recio " VERSION, recio_help_print);
	struct recio_options options;

	if (answer >= 0)
		return answer;
	if (recio_options_parse(&options, argc, (char const *const *)argv) <
	    0) {
		if (options.bad)
			strerr_dief(100, options.bad);
		strerr_dieusage(100, RECIO_SYNOPSIS);
	}
	if (options.by_environment && !wanted(&options))
		become_program(&options);
	find_ucspi_tls(&options);
	session.log = open_log(&options);
	interpose_recorder(&options);
	if (session.ucspi.on && ucspi_tls_place(&session.ucspi.tls) < 0)
		strerr_diefusys(111, "set up descriptors for TLS");
	become_program(&options);
}
