/*
 * Set-up.  The directories are locked before the ring is touched, since the
 * first of them may hold it; the ring is open before a directory is recovered,
 * since it tells which bytes of current are whole.  Nothing is read before.
 */
#include "rlog/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include <skalibs/selfpipe.h>

#include "logdir/layout.h"

static bool holds_ring(const struct logdir *logdir)
{
	const struct ring_place place = {logdir->fd, LAYOUT_INTAKE};
	const int kind = ring_file_kind(&place);

	return kind == RING_FILE_RING || kind == RING_FILE_OTHER;
}

/*
 * A script whose first directory was another one, or that had no J, has left
 * its ring there.  A ring can't be moved to another file system, and then
 * stays.
 */
static void fetch_ring(const struct event_loop *loop,
		       const struct ring_place *place)
{
	const struct writer *writer = &loop->writer;

	for (unsigned int i = 0; i < writer->script->directories_n; i++) {
		const struct logdir *logdir = &writer->directories[i].logdir;
		const struct event left = {.kind = EVENT_RING_LEFT,
					   .name = logdir->name};

		if (ring_file_kind(place) != RING_FILE_NONE)
			break;
		if (holds_ring(logdir) &&
		    renameat(logdir->fd, LAYOUT_INTAKE, place->directory,
			     place->name) < 0)
			loop->tell(&left);
	}
}

/* Returns false if a signal says that rlog has to end. */
static bool pause_for(int signals, uint64_t milliseconds)
{
	const int most = milliseconds < INT_MAX ? (int)milliseconds : INT_MAX;
	struct pollfd fd = {.fd = signals, .events = POLLIN};
	int sig;

	if (poll(&fd, 1, most) < 1)
		return true;
	while ((sig = selfpipe_read()) > 0)
		if (sig != SIGALRM && sig != SIGCHLD)
			return false;
	return true;
}

/*
 * Opens or makes the ring.  On a full disk it waits, and takes nothing in,
 * since it could not keep it.  Returns as ring_open, or SETUP_ENDED.
 */
enum { SETUP_ENDED = -2 };
static int make_ring(struct event_loop *loop, const struct ring_place *place,
		     struct failure *failure)
{
	const struct event trouble = {.kind = EVENT_TROUBLE,
				      .failure = failure};
	struct logdir *logdir = &loop->writer.directories->logdir;
	bool told = false;
	int found;

	while ((found = ring_open(&loop->intake.ring, place,
				  loop->source.is.boot)) < 0) {
		failure_set(failure, "make", failure->file);
		if (failure->error != ENOSPC && failure->error != EDQUOT)
			break;
		if (logdir_make_room(logdir, failure->error, &STAMP))
			continue;
		if (!told)
			loop->tell(&trouble);
		told = true;
		if (!pause_for(loop->signals, logdir->settings.retry))
			return SETUP_ENDED;
		tain_now_g();
	}
	return found;
}

/* Tells how the ring was found.  Returns 1 if it is usable, else 0. */
static int tell_of_ring(const struct event_loop *loop, int found,
			const struct failure *failure)
{
	struct event event = {.name = failure->name, .file = failure->file};
	const bool usable = found >= 0;

	if (!usable) {
		errno = failure->error;
		event.kind = EVENT_RING_MISSING;
	} else if (found == RING_OTHER) {
		event.kind = EVENT_RING_OTHER;
	} else if (found == RING_DAMAGED) {
		event.kind = EVENT_RING_DAMAGED;
	} else {
		return 1;
	}
	loop->tell(&event);
	return usable;
}

/*
 * Opens the ring where the script has it.  Returns 1, or 0 if there can be
 * none, or SETUP_ENDED, or -1 with *failure if it is another's.
 */
static int open_ring(struct event_loop *loop, struct failure *failure)
{
	const struct writer *writer = &loop->writer;
	const char *path = writer->script->intake_path;
	struct ring_place place = {.directory = AT_FDCWD, .name = path};
	int found;

	if (!writer->script->directories_n || (path && !*path))
		return 0;
	failure_init(failure, path ? "" : writer->directories->logdir.name);
	if (!path) {
		place.name = LAYOUT_INTAKE;
		place.directory = writer->directories->logdir.fd;
	}
	failure_set(failure, "make", place.name);
	fetch_ring(loop, &place);
	found = make_ring(loop, &place, failure);
	if (found == SETUP_ENDED)
		return SETUP_ENDED;
	if (found < 0 && failure->error == EBUSY)
		return failure_refuse(failure, LAYOUT_LOCK, failure->file,
				      "another process has it");
	if (found == RING_FOREIGN) {
		failure_refuse(failure, "use", failure->file,
			       "not an intake of rlog");
		failure_set_suffix(failure, loop->intake.ring.taken);
		return -1;
	}
	return tell_of_ring(loop, found, failure);
}

/* A machine that crashed may leave a ring and files of different ages. */
static void tell_of_crash(const struct event_loop *loop)
{
	const struct ring *ring = &loop->intake.ring;
	const struct event lost = {
	    .kind = EVENT_RING_LOST, .number = ring->held, .lost = ring->lost};
	const struct event crashed = {.kind = EVENT_MACHINE_CRASHED};

	if (ring->lost)
		loop->tell(&lost);
	if (loop->intake.crashed && (ring->held || loop->intake.replay))
		loop->tell(&crashed);
}

/* Opens the intake.  Returns as open_ring. */
static int open_intake(struct event_loop *loop, struct failure *failure)
{
	static const struct event unsynced = {.kind = EVENT_RING_UNSYNCED};
	int durable;

	failure_init(failure, "standard input");
	if (intake_source(&loop->source, 0) < 0)
		return failure_set(failure, "stat", "");
	durable = open_ring(loop, failure);
	if (durable < 0)
		return durable;
	failure_init(failure, "memory");
	if (!durable && ring_open_memory(&loop->intake.ring) < 0)
		return failure_set(failure, "get", "");
	if (intake_open(&loop->intake, loop->source.is.boot) < 0)
		loop->tell(&unsynced);
	tell_of_crash(loop);
	return durable;
}

int setup_open(struct event_loop *loop, const struct script *script,
	       event_listener *tell, struct failure *failure)
{
	int durable;

	if (event_loop_open(loop, tell, failure) < 0 ||
	    writer_open(&loop->writer, script, tell, failure) < 0)
		return -1;
	durable = open_intake(loop, failure);
	if (durable < 0)
		return durable == SETUP_ENDED ? 0 : -1;
	if (writer_start(&loop->writer, &loop->intake, failure) < 0)
		return -1;
	event_loop_start(loop, durable);
	return 1;
}

int setup_close(struct event_loop *loop)
{
	static const struct event unsynced = {.kind = EVENT_RING_UNSYNCED};
	int r = writer_close(&loop->writer);

	if (intake_close(&loop->intake) < 0) {
		loop->tell(&unsynced);
		r = -1;
	}
	return r;
}
