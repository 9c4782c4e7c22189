/*
 * rlogship: sends the lines of a log directory to a server.  The shipper knows
 * what comes next; here are its clock, signals, files and messages.
 *
 * A signal only makes the selfpipe readable, which ends a call of the link that
 * waits; so the batch in flight is acknowledged or given up before the program
 * ends, and the cursor is saved in both cases.
 *
 * Tested by tests/sh/rlogship-usage.t and tests/peer/rlogship-*.t.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <skalibs/strerr.h>

#include "base/std_options.h"
#include "logread/find_logdir.h"
#include "logread/source_event.h"
#include "logread/wait.h"
#include "rlogship/backlog_alarm.h"
#include "rlogship/nats_way.h"
#include "rlogship/relp_way.h"
#include "rlogship/rlogship_help.h"
#include "rlogship/rlogship_options.h"
#include "rlogship/session_form.h"
#include "rlogship/session_way.h"
#include "rlogship/ship_status.h"
#include "rlogship/shipper.h"
#include "stream/stream_program.h"

char const *PROG = "rlogship";

struct rlogship {
	struct rlogship_options options;
	struct stream_program program;
	struct nats_way nats;
	struct relp_way relp;
	struct session_way sessions;
	struct ship_cursor_file cursor_file;
	struct ship_cursor saved; /* in the file */
	bool unsynced;            /* it may not be on the disk yet */
	struct shipper shipper;
	char *directory; /* path of the log */
	const char *directories[1];
	int directory_fd;
	bool stopped; /* a signal told to end */
	bool told_unlabelled;
	struct backlog backlog;
	struct backlog_alarm alarm;
};

static void name_place(char text[LABEL_LEN + 1],
		       const struct position *position)
{
	memset(text, 0, LABEL_LEN + 1);
	if (position->labelled)
		label_format(text, &position->last);
	else
		strcpy(text, "an unknown line");
}

/* A library that is missing is so at the next try, too: the program ends. */
static void warn_of_fault(const struct rlogship *ship,
			  const struct stream_fault *fault)
{
	const char *words = stream_fault_words(fault->kind);
	bool more = *fault->text && strcmp(fault->text, words) != 0;

	if (fault->kind == STREAM_FAULT_NO_LIBRARY)
		strerr_dief(111, "unable to send lines to ",
			    ship->cursor_file.target, ": ", words, ": ",
			    fault->text);
	strerr_warnw("unable to send lines to ", ship->cursor_file.target, ": ",
		     words, more ? ": " : "", more ? fault->text : "",
		     "; trying again");
}

static void warn_of_loss(const struct rlogship *ship,
			 const struct shipper_notice *notice)
{
	char has[LABEL_LEN + 1], had[LABEL_LEN + 1];

	name_place(has, notice->has);
	name_place(had, notice->had);
	strerr_warnw(ship->cursor_file.target,
		     " has lost lines: they end with ", has, " and ended with ",
		     had, "; sending them again");
}

static void warn_of_shipping(void *ctx, const struct shipper_notice *notice)
{
	const struct rlogship *ship = ctx;

	switch (notice->event) {
	case SHIPPER_TROUBLE: warn_of_fault(ship, notice->fault); break;
	case SHIPPER_CONTINUES:
		strerr_warni(ship->cursor_file.target,
			     " is up to date or takes lines again");
		break;
	case SHIPPER_BEHIND: warn_of_loss(ship, notice); break;
	case SHIPPER_NEW_STREAM:
		strerr_warnw(ship->cursor_file.target,
			     " was made anew or reset; beginning with the "
			     "oldest line");
		break;
	}
}

static void warn_of_source(void *ctx, const struct source_notice *notice)
{
	const struct rlogship *ship = ctx;
	char text[SOURCE_EVENT_MAX];

	if (source_event_text(text, notice, ship->options.stream.verbose))
		strerr_warnw(text);
}

static void open_shipped_log(struct rlogship *ship)
{
	const char *path = ship->options.directory;
	const struct source_options options = {0};
	char text[SOURCE_EVENT_MAX];

	ship->directory_fd = find_logdir_open(path, !ship->options.stream.once,
					      &ship->directory);
	if (ship->directory_fd >= 0) {
		/* It was missing when the name was sought, and made since. */
		if (!*ship->options.origin.name)
			strerr_dief(100, RLOGSHIP_UNNAMED);
		ship->directories[0] = ship->directory;
		return;
	}
	source_event_open(text, &options, path);
	strerr_dief(111, text);
}

static bool sends_sessions(const struct rlogship *ship)
{
	return ship->options.form == &session_form;
}

static void open_cursor(struct rlogship *ship)
{
	struct session_way *way = &ship->sessions;
	struct ship_cursor *cursor = &ship->shipper.cursor;
	const char *path = ship->options.stream.cursor;
	enum ship_cursor_result result = ship_cursor_open(
	    &ship->cursor_file, cursor, path, &ship->options.url,
	    &ship->options.origin, sends_sessions(ship) ? &way->tail : NULL);

	way->file = &ship->cursor_file;
	way->cursor = *cursor;
	way->once = ship->options.stream.once;
	if (result == SHIP_CURSOR_FINE && sends_sessions(ship) &&
	    !session_way_start(way))
		result = SHIP_CURSOR_FOREIGN;
	switch (result) {
	case SHIP_CURSOR_FINE: break;
	case SHIP_CURSOR_FAILED: strerr_diefusys(111, "open ", path);
	case SHIP_CURSOR_LOCKED:
		strerr_dief(111, "unable to lock ", path,
			    ": another rlogship uses it");
	case SHIP_CURSOR_FOREIGN:
		strerr_dief(100, path,
			    " is not a cursor file of rlogship; give -c the "
			    "name of a new file");
	case SHIP_CURSOR_OTHER:
		strerr_dief(100, path,
			    " is the cursor of another url, name or form; give "
			    "-c the name of a new file");
	}
	ship->saved = *cursor;
}

static void choose_way(struct rlogship *ship, struct ship_link *link)
{
	struct nats_way *way =
	    sends_sessions(ship) ? &ship->sessions.nats : &ship->nats;

	if (ship->options.url.scheme == STREAM_RELP) {
		ship->relp.options = (struct relp_options){
		    .url = &ship->options.url,
		    .keys = &ship->program.keys,
		    .milliseconds = STREAM_PATIENCE,
		    .stop = ship->program.signals,
		};
		*link = (struct ship_link){&relp_way_ops, &ship->relp};
		return;
	}
	*way = (struct nats_way){
	    .options = {.url = &ship->options.url,
			.keys = &ship->program.keys,
			.milliseconds = STREAM_PATIENCE,
			.stop = ship->program.signals},
	};
	*link = sends_sessions(ship)
		    ? (struct ship_link){&session_way_ops, &ship->sessions}
		    : (struct ship_link){&nats_way_ops, way};
}

static void prepare_shipper(struct rlogship *ship)
{
	const struct rlogship_options *options = &ship->options;
	struct shipper_options shipping = {
	    .origin = &options->origin,
	    .form = options->form,
	    .size = options->bytes,
	    .source = {.directories = ship->directories,
		       .count = 1,
		       .follow = !options->stream.once,
		       .labels = options->labels},
	    .tell = warn_of_shipping,
	    .tell_source = warn_of_source,
	    .ctx = ship,
	    .seed = (unsigned int)(time(NULL) ^ getpid()),
	};

	choose_way(ship, &shipping.link);
	if (shipper_init(&ship->shipper, &shipping) < 0)
		strerr_diefusys(111, "allocate memory");
}

static void write_ship_cursor(struct rlogship *ship, bool synced)
{
	const struct ship_cursor *now = &ship->shipper.cursor;

	if (ship_cursor_save(&ship->cursor_file, now, NULL, synced) < 0)
		strerr_diefusys(111, "write ", ship->cursor_file.path);
	ship->saved = *now;
	ship->unsynced = !synced;
}

static void save_cursor(void *ctx)
{
	write_ship_cursor(ctx, true);
}

static struct ship_status describe_status(struct rlogship *ship)
{
	const struct ship_cursor *cursor = &ship->shipper.cursor;

	if (backlog_measure(&ship->backlog, ship->directory_fd,
			    cursor->known ? &cursor->place : NULL) < 0)
		ship->backlog = (struct backlog){0};
	return (struct ship_status){&ship->shipper, ship->cursor_file.target,
				    &ship->backlog};
}

static void write_status(struct rlogship *ship)
{
	struct ship_status status = describe_status(ship);

	if (ship->options.stream.status &&
	    ship_status_write(ship->options.stream.status, &status) < 0)
		strerr_warnwu2sys("write ", ship->options.stream.status);
}

/* The oldest files are the ones that rlog removes first. */
static void check_backlog(void *ctx)
{
	struct rlogship *ship = ctx;

	write_status(ship);
	if (backlog_alarm_look(&ship->alarm, &ship->backlog,
			       ship->shipper.tries > 0))
		strerr_warnw("more than half of ", ship->directory,
			     " is not known to be sent: lines are lost if the "
			     "logger removes their files before");
}

static void report_counts(void *ctx)
{
	struct rlogship *ship = ctx;
	const struct shipper_counts *counts = &ship->shipper.counts;
	char text[160];

	snprintf(text, sizeof text,
		 ": %llu lines in %llu messages since the start, %llu bytes "
		 "behind",
		 (unsigned long long)counts->lines,
		 (unsigned long long)counts->batches,
		 (unsigned long long)ship->backlog.behind);
	strerr_warni(ship->cursor_file.target, text);
}

/* Without labels an id is no more than a place, which repeats in other files.
 */
static void warn_of_labels(struct rlogship *ship)
{
	const struct shipper *shipper = &ship->shipper;

	if (ship->told_unlabelled || shipper->labelled ||
	    !shipper->counts.lines)
		return;
	ship->told_unlabelled = true;
	strerr_warnw("the lines of ", ship->directory,
		     " have no labels: their ids are offsets, which repeat in "
		     "other files; let the logger write labels (t of rlog)");
}

static bool is_unsaved(const struct rlogship *ship)
{
	const struct ship_cursor *now = &ship->shipper.cursor;
	const struct ship_cursor *saved = &ship->saved;

	return ship->options.stream.cursor && !sends_sessions(ship) &&
	       (now->known != saved->known ||
		now->sequence != saved->sequence ||
		now->created != saved->created ||
		now->place.offset != saved->place.offset);
}

/* Does the work that is due.  Returns the milliseconds until more is. */
static int do_duties(struct rlogship *ship, int64_t now)
{
	static const struct stream_duties duties = {save_cursor, check_backlog,
						    report_counts};

	/*
	 * Only the cursor knows what a server of RELP has.  It is synced once a
	 * second, since that takes longer than to send a batch.
	 */
	if (ship->options.url.scheme == STREAM_RELP && is_unsaved(ship))
		write_ship_cursor(ship, false);
	return stream_program_do_duties(&ship->program, &duties, ship, now,
					is_unsaved(ship) || ship->unsynced);
}

/* Waits for a signal and, if it is not NULL, for lines of the source. */
static void wait_for_event(struct rlogship *ship, struct source *source,
			   int milliseconds)
{
	struct pollfd p[2] = {{.fd = ship->program.signals, .events = POLLIN},
			      {.fd = -1, .events = POLLIN}};
	int most;

	if (source) {
		most = source_wait(source, &p[1].fd);
		if (most < milliseconds)
			milliseconds = most;
	}
	poll(p, 2, milliseconds);
	if (p[0].revents)
		ship->stopped = true;
	if (source)
		source_woken(source);
}

static _Noreturn void die_of_log(const struct rlogship *ship)
{
	const struct source_options options = {0};
	char text[SOURCE_EVENT_MAX];

	source_event_open(text, &options, ship->shipper.bad);
	strerr_dief(111, text);
}

/* Ships until a signal arrives or, with -1, all lines are sent. */
static void ship_lines(struct rlogship *ship)
{
	enum shipper_next next = SHIPPER_STEP;
	int milliseconds, timers;
	int64_t now;

	while (!ship->stopped && next != SHIPPER_OVER) {
		now = wait_clock();
		timers = do_duties(ship, now);
		next = shipper_step(&ship->shipper, now, &milliseconds);
		if (ship->shipper.synced)
			stream_program_tell_ready(&ship->program);
		warn_of_labels(ship);
		if (next == SHIPPER_FAILED)
			die_of_log(ship);
		if (next == SHIPPER_WAIT)
			wait_for_event(ship, shipper_source(&ship->shipper),
				       sends_sessions(ship) &&
					       timers > SESSION_WAY_WAKE
					   ? SESSION_WAY_WAKE
					   : timers);
		else if (next == SHIPPER_PAUSE)
			wait_for_event(ship, NULL,
				       timers < milliseconds ? timers
							     : milliseconds);
		else
			wait_for_event(ship, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	static const int no_more[] = {0};
	static struct rlogship ship;
	struct source *source;
	int code = std_options_answer(argc, (char const *const *)argv,
				      "rlogship " VERSION, rlogship_help_print);

	if (code >= 0)
		return code;
	if (rlogship_options_parse(&ship.options, argc, argv) < 0)
		stream_options_die(&ship.options.stream, RLOGSHIP_SYNOPSIS);
	stream_program_start(&ship.program, &ship.options.stream, no_more);
	open_shipped_log(&ship);
	prepare_shipper(&ship);
	open_cursor(&ship);
	ship_lines(&ship);
	shipper_finish(&ship.shipper);
	if (is_unsaved(&ship) || ship.unsynced)
		save_cursor(&ship);
	write_status(&ship);
	source = shipper_source(&ship.shipper);
	code = source && source_failed(source) ? 111 : 0;
	shipper_close(&ship.shipper);
	session_way_free(&ship.sessions);
	stream_keys_free(&ship.program.keys);
	return code;
}
