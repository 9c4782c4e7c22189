/* Set-up; see setup.h. */
#include "rlog/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <skalibs/selfpipe.h>
#include <skalibs/strerr.h>
#include <skalibs/types.h>

#include "logdir/layout.h"
#include "rlog/messages.h"
#include "rlog/rotation.h"
#include "rlog/torn.h"

static int trap_signals(void)
{
	static const int trapped[] = {SIGTERM, SIGINT, SIGHUP, SIGALRM,
				      SIGCHLD};
	int fd = selfpipe_init();
	size_t i;

	if (fd < 0)
		strerr_diefusys(111, "make a selfpipe");
	for (i = 0; i < sizeof trapped / sizeof *trapped; i++)
		if (selfpipe_trap(trapped[i]) < 0)
			strerr_diefusys(111, "trap signals");
	return fd;
}

static void open_statuses(struct writer *w)
{
	const struct action *action = w->script->actions;
	const struct action *end = action + w->script->actions_n;
	struct status_file *status;

	for (; action < end; action++) {
		if (action->kind != ACTION_STATUS)
			continue;
		status = &w->statuses[action->index];
		if (status_file_open(status, action->text,
				     action->settings->status_size) < 0)
			messages_die(action->text, &status->failure, 0);
		status->trouble.pause = action->settings->retry;
	}
}

/* The directory in front of d that is the same one, by whatever name. */
static const struct logdir *first_named(const struct writer *w,
					const struct logdir *d)
{
	const struct logdir *first = w->directories;

	while (first < d &&
	       (first->device != d->device || first->directory != d->directory))
		first++;
	return first < d ? first : NULL;
}

_Noreturn static void die_unopened(const struct writer *w,
				   const struct logdir *d)
{
	const struct logdir *first = first_named(w, d);

	if (d->failure.error == EBUSY && first)
		strerr_diefu(111, "lock ", d->name,
			     ": the script names this directory twice, first"
			     " as ",
			     first->name);
	messages_die(d->name, &d->failure, d->holder);
}

static void open_directories(struct writer *w)
{
	const struct action *action = w->script->actions;
	const struct action *end = action + w->script->actions_n;
	struct logdir *d;

	for (; action < end; action++) {
		if (action->kind != ACTION_DIRECTORY)
			continue;
		d = &w->directories[action->index];
		if (logdir_open(d, action->text, action->settings,
				&message_listener) < 0)
			die_unopened(w, d);
	}
	for (d = w->directories; d < w->directories + w->script->directories_n;
	     d++) {
		d->others = w->directories;
		d->others_n = w->script->directories_n;
	}
}

static bool holds_ring(const struct logdir *d)
{
	const struct ring_place place = {d->fd, LAYOUT_INTAKE};
	const int kind = ring_file_kind(&place);

	return kind == RING_FILE_RING || kind == RING_FILE_OTHER;
}

/*
 * A script whose first directory was another one, or that had no J, has left
 * the ring there; it can't be moved to another file system, and then stays.
 */
static void fetch_ring(const struct writer *w, const struct ring_place *place)
{
	const struct logdir *d = w->directories;
	const struct logdir *end = d + w->script->directories_n;

	for (; d < end && ring_file_kind(place) == RING_FILE_NONE; d++)
		if (holds_ring(d) &&
		    renameat(d->fd, LAYOUT_INTAKE, place->directory,
			     place->name) < 0)
			strerr_warnwusys("fetch ", d->name,
					 "/intake, what it holds is not"
					 " written");
}

/* False if a signal says that rlog has to end. */
static bool pause_for(const struct event_loop *loop, uint64_t milliseconds)
{
	const int most = milliseconds < INT_MAX ? (int)milliseconds : INT_MAX;
	struct pollfd fd = {.fd = loop->signals, .events = POLLIN};
	int sig;

	if (poll(&fd, 1, most) < 1)
		return true;
	while ((sig = selfpipe_read()) > 0)
		if (sig != SIGALRM && sig != SIGCHLD)
			return false;
	return true;
}

/*
 * On a full disk it waits, and takes nothing in: it could not keep it.  As
 * ring_open; it may also end rlog.
 */
static int make_ring(struct event_loop *loop, const struct ring_place *place)
{
	const bool outside = place->directory == AT_FDCWD;
	struct logdir *d = loop->writer.directories;
	bool told = false;
	int found;

	while ((found = ring_open(&loop->intake.ring, place,
				  loop->source.is.boot)) < 0 &&
	       (errno == ENOSPC || errno == EDQUOT)) {
		failure_set(&d->failure, "make", outside ? "" : place->name);
		if (logdir_make_room(d, &STAMP))
			continue;
		if (!told)
			messages_warn(outside ? place->name : d->name,
				      &d->failure, ", trying again");
		told = true;
		if (!pause_for(loop, d->settings.retry))
			_exit(0);
		tain_now_g();
	}
	return found;
}

/* False if there can be none. */
static bool open_ring(struct event_loop *loop)
{
	const struct writer *w = &loop->writer;
	const char *name = w->script->intake_path, *of = "", *slash = "";
	struct ring_place place = {.directory = AT_FDCWD};
	int found;

	if (!w->script->directories_n || (name && !*name))
		return false;
	place.name = name ? name : LAYOUT_INTAKE;
	if (!name) {
		place.directory = w->directories->fd;
		of = w->directories->name;
		slash = "/";
	}
	fetch_ring(w, &place);
	found = make_ring(loop, &place);
	if (found < 0 && errno == EBUSY)
		strerr_diefu(111, "lock ", of, slash, place.name,
			     ": another process has it");
	if (found == RING_FOREIGN)
		strerr_diefu(111, "use ", of, slash, place.name,
			     loop->intake.ring.taken,
			     ": not an intake of rlog");
	if (found < 0)
		strerr_warnwusys("make ", of, slash, place.name,
				 ", going on without: lines may be lost when"
				 " rlog is killed");
	if (found == RING_OTHER)
		strerr_warnw(of, slash, place.name,
			     " is of another version of rlog: renamed to ",
			     place.name,
			     ".bad, only that version can write what it held");
	if (found == RING_DAMAGED)
		strerr_warnw(of, slash, place.name, " is damaged: renamed to ",
			     place.name, ".bad, what it held is not written");
	return found >= 0;
}

/* What a machine that crashed has left need not fit together. */
static void warn_of_crash(const struct writer *w)
{
	const struct ring *ring = &w->intake->ring;
	char lost[UINT64_FMT], held[UINT64_FMT];

	lost[uint64_fmt(lost, ring->lost)] = 0;
	held[uint64_fmt(held, ring->held)] = 0;
	if (ring->lost)
		strerr_warnw("the intake has not reached the disk as a whole:"
			     " of the ",
			     held, " bytes that it held the last ", lost,
			     " are lost");
	if (w->intake->crashed && (ring->held || w->intake->replay))
		strerr_warnw("the machine went down while rlog was running:"
			     " lines may be there twice");
}

static void open_intake(struct event_loop *loop)
{
	struct intake *intake = &loop->intake;
	struct writer *w = &loop->writer;

	w->intake = intake;
	if (intake_source(&loop->source, 0) < 0)
		strerr_diefusys(111, "stat standard input");
	loop->durable = open_ring(loop);
	if (!loop->durable && ring_open_memory(&intake->ring) < 0)
		strerr_diefusys(111, "get memory");
	if (intake_open(intake, loop->source.is.boot) < 0)
		strerr_warnwusys("sync the intake");
	w->checkpoint = (struct checkpoint){.intake = intake,
					    .batch = &w->batch,
					    .directories = w->directories,
					    .n = w->script->directories_n,
					    .script = w->checkpoint.script};
	warn_of_crash(w);
	w->replay = intake->replay;
}

static void warn_of_files(const struct logdir *d)
{
	char torn[UINT64_FMT];

	if (d->strange)
		strerr_warnw(d->name,
			     "/current is not the file that was being"
			     " written: left as it is, lines may be there"
			     " twice");
	torn[uint64_fmt(torn, (uint64_t)d->torn)] = 0;
	if (d->torn)
		strerr_warnw("the end of ", d->name,
			     "/current did not reach"
			     " the disk: ",
			     torn,
			     " bytes of half a line are"
			     " removed");
}

/* Puts what the last rlog was at in order, and takes it up. */
static void start_directories(struct writer *w)
{
	struct logdir *d = checkpoint_files(&w->checkpoint);
	const struct logdir *end = w->directories + w->script->directories_n;

	if (d)
		messages_die(d->name, &d->failure, 0);
	for (d = w->directories; d < end; d++) {
		warn_of_files(d);
		if (logdir_start(d) < 0)
			messages_die(d->name, &d->failure, 0);
	}
	checkpoint_state(&w->checkpoint);
	torn_mark(&w->batch, w->directories);
}

static void start_input(struct event_loop *loop)
{
	const bool same = intake_same_source(&loop->intake, &loop->source);

	overflow_open(&loop->overflow, &loop->intake, same);
	loop->draining = !same;
	if (loop->draining && !writer_pending(&loop->writer)) {
		loop->draining = false;
		intake_adopt(&loop->intake, &loop->source);
	}
}

static void open_writer(struct writer *w)
{
	w->statuses = calloc(w->script->statuses_n + 1, sizeof *w->statuses);
	w->directories =
	    calloc(w->script->directories_n + 1, sizeof *w->directories);
	if (!w->statuses || !w->directories ||
	    batch_open(&w->batch, w->script) < 0)
		strerr_diefusys(111, "get memory");
	standard_output_init(&w->forward, w->script->forwards_n ? 1 : -1);
	w->forward.drop_after = w->script->forward_drop_after;
	open_statuses(w);
	open_directories(w);
}

void setup_open(struct event_loop *loop, const struct script *script)
{
	struct writer *w = &loop->writer;

	w->script = script;
	loop->signals = trap_signals();
	open_writer(w);
	open_intake(loop);
	start_directories(w);
	start_input(loop);
	timers_init(&w->timers, &w->batch, w->directories, &STAMP);
}

/* In the order that lets a crash in it lose nothing. */
static int close_directories(struct writer *w)
{
	struct logdir *d = NULL;
	unsigned int i;
	bool busy = intake_busy(w->intake);
	int r = 0;

	if (busy)
		d = checkpoint_cut(&w->checkpoint);
	if (d)
		messages_warn(d->name, &d->failure, "");
	for (i = 0; i < w->script->directories_n; i++) {
		if (d || !rotation_idle(&w->directories[i])) {
			logdir_abandon(&w->directories[i]);
			continue;
		}
		if (logdir_close(&w->directories[i]) == 0)
			continue;
		messages_warn(w->directories[i].name,
			      &w->directories[i].failure, "");
		r = 111;
	}
	return r;
}

/* What could not be written is tried a last time. */
static void close_statuses(struct writer *w)
{
	struct status_file *status = w->statuses;
	struct status_file *end = status + w->script->statuses_n;

	for (; status < end; status++) {
		if (status->pending && status_file_write(status) < 0)
			messages_warn(status->name, &status->failure, "");
		status_file_close(status);
	}
}

int setup_close(struct event_loop *loop, struct script *script)
{
	struct writer *w = &loop->writer;
	int r = close_directories(w);

	close_statuses(w);
	free(w->statuses);
	free(w->directories);
	batch_close(&w->batch);
	checkpoint_free(&w->checkpoint);
	if (intake_close(&loop->intake) < 0) {
		strerr_warnwusys("sync the intake");
		r = 111;
	}
	script_free(script);
	return r;
}
