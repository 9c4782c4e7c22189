/*
 * Opening of the intake.  The directories are locked before the ring is
 * touched, since the first of them may hold it; the ring is open before a
 * directory is recovered, since it tells which bytes of current are whole.
 * Tested by tests/sh/rlog-ring.t and tests/unit/rlog/setup.c.
 */
#include "logwrite/intake_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

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
static void fetch_ring(const struct writer *writer,
		       const struct ring_place *place)
{
	for (unsigned int i = 0; i < writer->script->directories_n; i++) {
		const struct logdir *logdir = &writer->directories[i].logdir;
		const struct event left = {.kind = EVENT_RING_LEFT,
					   .name = logdir->name};

		if (ring_file_kind(place) != RING_FILE_NONE)
			break;
		if (holds_ring(logdir) &&
		    renameat(logdir->fd, LAYOUT_INTAKE, place->directory,
			     place->name) < 0)
			writer->tell(&left);
	}
}

void intake_setup_init(struct intake_setup *setup, struct intake *intake,
		       const struct writer *writer, uint64_t boot)
{
	const char *path = writer->script->intake_path;

	setup->writer = writer;
	setup->intake = intake;
	setup->boot = boot;
	setup->durable = false;
	setup->place = (struct ring_place){AT_FDCWD, NULL};
	if (!writer->script->directories_n || (path && !*path))
		return;
	setup->place.name = path ? path : LAYOUT_INTAKE;
	if (!path)
		setup->place.directory = writer->directories->logdir.fd;
	fetch_ring(writer, &setup->place);
}

void intake_setup_demand(struct intake_setup *setup)
{
	setup->durable = true;
}

/* Opens or makes the ring.  Returns as ring_open, with *failure. */
static int make_ring(const struct intake_setup *setup, const struct tain_s *now,
		     struct failure *failure)
{
	struct logdir *logdir = &setup->writer->directories->logdir;
	int found;

	do {
		found =
		    ring_open(&setup->intake->ring, &setup->place, setup->boot);
		if (found < 0)
			failure_set(failure, "make", failure->file);
	} while (found < 0 &&
		 (failure->error == ENOSPC || failure->error == EDQUOT) &&
		 logdir_make_room(logdir, failure->error, now));
	return found;
}

/* Tells how the ring was found.  Returns true if it is usable. */
static bool tell_of_ring(const struct intake_setup *setup, int found,
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
		return true;
	}
	setup->writer->tell(&event);
	return usable;
}

/* Opens the ring where the script has it, or else none: INTAKE_SETUP_MEMORY. */
static enum intake_setup_result open_ring(const struct intake_setup *setup,
					  const struct tain_s *now,
					  struct failure *failure)
{
	const struct writer *writer = setup->writer;
	const bool own = writer->script->intake_path;
	int found;

	failure_init(failure, own ? "" : writer->directories->logdir.name);
	failure_set(failure, "make", setup->place.name);
	found = make_ring(setup, now, failure);
	if (found < 0 && (failure->error == ENOSPC || failure->error == EDQUOT))
		return INTAKE_SETUP_FULL;
	if (found < 0 && failure->error == EBUSY) {
		failure_refuse(failure, LAYOUT_LOCK, failure->file,
			       "another process has it");
		return INTAKE_SETUP_FAILED;
	}
	if (found == RING_FOREIGN) {
		failure_refuse(failure, "use", failure->file,
			       "not an intake of rlog");
		failure_set_suffix(failure, setup->intake->ring.taken);
		return INTAKE_SETUP_FAILED;
	}
	if (found < 0 && setup->durable)
		return INTAKE_SETUP_FAILED;
	return tell_of_ring(setup, found, failure) ? INTAKE_SETUP_DURABLE
						   : INTAKE_SETUP_MEMORY;
}

/* A machine that crashed may leave a ring and files of different ages. */
static void tell_of_crash(const struct intake_setup *setup)
{
	const struct ring *ring = &setup->intake->ring;
	const struct event lost = {
	    .kind = EVENT_RING_LOST, .number = ring->held, .lost = ring->lost};
	const struct event crashed = {.kind = EVENT_MACHINE_CRASHED};

	if (ring->lost)
		setup->writer->tell(&lost);
	if (setup->intake->crashed && (ring->held || setup->intake->replay))
		setup->writer->tell(&crashed);
}

enum intake_setup_result intake_setup_open(struct intake_setup *setup,
					   const struct tain_s *now,
					   struct failure *failure)
{
	static const struct event unsynced = {.kind = EVENT_RING_UNSYNCED};
	enum intake_setup_result result = INTAKE_SETUP_MEMORY;

	if (setup->place.name)
		result = open_ring(setup, now, failure);
	if (result == INTAKE_SETUP_FULL || result == INTAKE_SETUP_FAILED)
		return result;
	failure_init(failure, "memory");
	if (result == INTAKE_SETUP_MEMORY &&
	    ring_open_memory(&setup->intake->ring) < 0) {
		failure_set(failure, "get", "");
		return INTAKE_SETUP_FAILED;
	}
	if (intake_open(setup->intake, setup->boot) < 0)
		setup->writer->tell(&unsynced);
	tell_of_crash(setup);
	return result;
}
