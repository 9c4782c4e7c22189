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
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <skalibs/selfpipe.h>
#include <skalibs/strerr.h>

#include "base/std_options.h"
#include "logread/find_logdir.h"
#include "logread/source_event.h"
#include "logread/wait.h"
#include "rlogship/nats_way.h"
#include "rlogship/relp_way.h"
#include "rlogship/rlogship_help.h"
#include "rlogship/rlogship_options.h"
#include "rlogship/ship_status.h"
#include "rlogship/shipper.h"

char const *PROG = "rlogship";

enum {
	CALL_PATIENCE = 5000,    /* ms for an answer of the server */
	SAVE_EVERY = 1000,       /* ms between two saved cursors */
	STATUS_EVERY = 10000,    /* ms between two status files */
	REPORT_EVERY = 86400000, /* ms between two reports */
};

struct rlogship {
	struct rlogship_options options;
	struct stream_keys keys;
	struct nats_way nats;
	struct relp_way relp;
	struct ship_cursor_file cursor_file;
	struct ship_cursor saved; /* in the file */
	struct shipper shipper;
	char *directory; /* path of the log */
	const char *directories[1];
	int directory_fd, signals;
	bool stopped;                 /* a signal told to end */
	bool ready;                   /* the descriptor of -d was written to */
	bool told_half;               /* that half of the log is not sent */
	int64_t save, status, report; /* when they are due */
	struct backlog backlog;
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

static void warn_of_fault(const struct rlogship *ship,
			  const struct stream_fault *fault)
{
	const char *words = stream_fault_words(fault->kind);
	bool more = *fault->text && strcmp(fault->text, words) != 0;

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

static void tell_source_event(void *ctx, const struct shipper_notice *notice)
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

	if (source_event_text(text, notice, ship->options.verbose))
		strerr_warnw(text);
}

static _Noreturn void refuse_use(const struct rlogship_options *options)
{
	if (!options->problem)
		strerr_dieusage(100, RLOGSHIP_SYNOPSIS);
	if (!options->value)
		strerr_dief(100, options->problem);
	strerr_dief(100, options->problem, " '", options->value, "'",
		    options->hint ? ": " : "",
		    options->hint ? options->hint : "");
}

static void read_keys(struct rlogship *ship)
{
	char why[STREAM_KEYS_WHY_MAX];

	if (!stream_keys_read(&ship->keys, why))
		strerr_dief(100, why);
}

static void catch_signals(struct rlogship *ship)
{
	static const int trapped[] = {SIGTERM, SIGINT, SIGHUP};

	signal(SIGPIPE, SIG_IGN);
	ship->signals = selfpipe_init();
	if (ship->signals < 0)
		strerr_diefusys(111, "create a selfpipe");
	for (size_t i = 0; i < sizeof trapped / sizeof *trapped; i++)
		if (selfpipe_trap(trapped[i]) < 0)
			strerr_diefusys(111, "trap signals");
}

static void open_shipped_log(struct rlogship *ship)
{
	const char *path = ship->options.directory;
	const struct source_options options = {0};
	char text[SOURCE_EVENT_MAX];

	ship->directory_fd =
	    find_logdir_open(path, !ship->options.once, &ship->directory);
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

static void open_cursor(struct rlogship *ship)
{
	const char *path = ship->options.cursor;

	switch (ship_cursor_open(&ship->cursor_file, &ship->shipper.cursor,
				 path, &ship->options.url,
				 &ship->options.origin)) {
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
			    " is the cursor of another url or name; give -c "
			    "the name of a new file");
	}
	ship->saved = ship->shipper.cursor;
}

static void choose_way(struct rlogship *ship, struct ship_link *link)
{
	if (ship->options.url.scheme == STREAM_RELP) {
		ship->relp.options = (struct relp_options){
		    .url = &ship->options.url,
		    .keys = &ship->keys,
		    .milliseconds = CALL_PATIENCE,
		    .stop = ship->signals,
		};
		*link = (struct ship_link){&relp_way_ops, &ship->relp};
		return;
	}
	ship->nats.options = (struct nats_options){
	    .url = &ship->options.url,
	    .keys = &ship->keys,
	    .milliseconds = CALL_PATIENCE,
	    .stop = ship->signals,
	};
	*link = (struct ship_link){&nats_way_ops, &ship->nats};
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
		       .follow = !options->once,
		       .labels = options->labels},
	    .tell = tell_source_event,
	    .tell_source = warn_of_source,
	    .ctx = ship,
	    .seed = (unsigned int)(time(NULL) ^ getpid()),
	};

	choose_way(ship, &shipping.link);
	if (shipper_init(&ship->shipper, &shipping) < 0)
		strerr_diefusys(111, "allocate memory");
}

static void save_cursor(struct rlogship *ship)
{
	const struct ship_cursor *now = &ship->shipper.cursor;

	if (now->known == ship->saved.known &&
	    now->sequence == ship->saved.sequence &&
	    now->created == ship->saved.created &&
	    now->place.offset == ship->saved.place.offset)
		return;
	if (ship_cursor_save(&ship->cursor_file, now) < 0)
		strerr_diefusys(111, "write ", ship->cursor_file.path);
	ship->saved = *now;
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

/* The oldest files are the ones that rlog removes first. */
static void warn_of_backlog(struct rlogship *ship)
{
	const struct backlog *backlog = &ship->backlog;

	if (!ship->shipper.tries) {
		ship->told_half = false;
		return;
	}
	if (ship->told_half || !backlog->archives ||
	    backlog->behind <= backlog->kept / 2)
		return;
	ship->told_half = true;
	strerr_warnw("more than half of ", ship->directory,
		     " is not sent yet: the oldest lines will be lost when the "
		     "logger removes their files");
}

static void write_status(struct rlogship *ship)
{
	struct ship_status status = describe_status(ship);

	warn_of_backlog(ship);
	if (ship->options.status &&
	    ship_status_write(ship->options.status, &status) < 0)
		strerr_warnwu2sys("write ", ship->options.status);
}

static void report_counts(struct rlogship *ship)
{
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

/* Does the work that is due.  Returns the milliseconds until more is. */
static int run_timers(struct rlogship *ship, int64_t now)
{
	if (now >= ship->save) {
		save_cursor(ship);
		ship->save = now + SAVE_EVERY;
	}
	if (now >= ship->status) {
		write_status(ship);
		ship->status = now + STATUS_EVERY;
	}
	if (now >= ship->report) {
		report_counts(ship);
		ship->report = now + REPORT_EVERY;
	}
	return (int)((ship->options.cursor ? ship->save : ship->status) - now);
}

static void tell_ready(struct rlogship *ship)
{
	int fd = ship->options.ready;

	if (ship->ready || !ship->shipper.synced)
		return;
	ship->ready = true;
	if (fd < 0)
		return;
	if (write(fd, "\n", 1) < 0)
		strerr_warnwu1sys("write to the descriptor of -d");
	close(fd);
}

/* Waits for a signal and, if it is not NULL, for lines of the source. */
static void wait_for_event(struct rlogship *ship, struct source *source,
			   int milliseconds)
{
	struct pollfd p[2] = {{.fd = ship->signals, .events = POLLIN},
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
	int64_t now = wait_clock();
	int milliseconds, timers;

	ship->report = now + REPORT_EVERY;
	while (!ship->stopped && next != SHIPPER_OVER) {
		now = wait_clock();
		timers = run_timers(ship, now);
		next = shipper_step(&ship->shipper, now, &milliseconds);
		tell_ready(ship);
		if (next == SHIPPER_FAILED)
			die_of_log(ship);
		if (next == SHIPPER_WAIT)
			wait_for_event(ship, shipper_source(&ship->shipper),
				       timers);
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
	static struct rlogship ship;
	struct source *source;
	int code = std_options_answer(argc, (char const *const *)argv,
				      "rlogship " VERSION, rlogship_help_print);

	if (code >= 0)
		return code;
	if (rlogship_options_parse(&ship.options, argc, argv) < 0)
		refuse_use(&ship.options);
	read_keys(&ship);
	catch_signals(&ship);
	open_shipped_log(&ship);
	prepare_shipper(&ship);
	open_cursor(&ship);
	ship_lines(&ship);
	save_cursor(&ship);
	write_status(&ship);
	source = shipper_source(&ship.shipper);
	code = source && source_failed(source) ? 111 : 0;
	shipper_close(&ship.shipper);
	stream_keys_free(&ship.keys);
	return code;
}
