/*
 * The intake: what has been read and not yet been written, in a ring (ring.h)
 * that outlives the process.  Whenever a process is killed, the next one knows
 * of every byte that was read whether it still has to be written:
 *
 *     head            commit            tail          tail + room
 *      | being put out | not yet put out | being taken |
 *
 * Taking in: the bytes ahead of tail are RING_FILL; `armed` is set to tail,
 * then read takes at most room of them, then tail moves.  Whoever finds armed
 * == tail takes what is ahead up to the last byte that is not RING_FILL.  So
 * only a read that ends in such bytes, which are no text, is not known exactly.
 *
 * Putting out: the state after the batch, the size of every file it goes to
 * and its clock are stored, then that it is `begun`; it is written; then that
 * it is `done`.  Whoever finds it begun and not done cuts the files back to
 * those sizes and makes the batch again, with its clock.
 */
#ifndef RLOG_INTAKE_H
#define RLOG_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include <sys/types.h>

#include "rlog/ring.h"

enum {
	INTAKE_SIZE = RING_SIZE,
	INTAKE_READ = 65536,  /* most for a read... */
	INTAKE_TRICKLE = 4096 /* ...where little came with the last one */
};

struct intake {
	struct ring ring;
	uint64_t commit; /* the end of the batch that is begun, or head */
	uint64_t filled; /* up to here it is RING_FILL, from tail on */
	size_t room;     /* for the next read */
	bool clean;      /* the last one had ended by itself */
};

/* Adopts what the ring holds: to be called once after it is opened. */
void intake_open(struct intake *intake);

/*
 * Says that it was closed cleanly, if no batch is begun, and syncs it.  0, or
 * -1 and errno.
 */
int intake_close(struct intake *intake);

/*
 * One read of at most `most` bytes, fewer when there is less room.  What read
 * returned; 0 also when there is no room, so see intake_full first.  Less than
 * INPUT_PACKET cuts packets.
 */
ssize_t intake_take(struct intake *intake, int fd, size_t most);

/* Takes n bytes in from memory; there must be room. */
void intake_put(struct intake *intake, const char *bytes, size_t n);

/* Forgets the last n of intake_bytes. */
void intake_drop(struct intake *intake, size_t n);

/* The bytes not yet put out: contiguous, and how many. */
const char *intake_bytes(const struct intake *intake, size_t *n);

/* How many bytes there is room for, until something is put out. */
size_t intake_room(const struct intake *intake);

/*
 * True if nothing can be taken before something is put out: there is no room
 * for a packet, see input.h.
 */
bool intake_full(const struct intake *intake);

/* How things stand before intake_bytes. */
const struct ring_state *intake_state(const struct intake *intake);

/*
 * A batch is prepared: it takes the first n of intake_bytes, this is its clock,
 * and the caller fills in the state after it, all but head, ...
 */
struct ring_state *intake_prepare(struct intake *intake, size_t n,
				  const struct tain_s *clock);

/* ...and the files that it goes to, in header->files; then it is begun... */
void intake_begin(struct intake *intake);

/* ...and now it is written: or else, is to be made again. */
void intake_done(struct intake *intake);
void intake_redo(struct intake *intake);

/* True if a batch is begun and not done. */
bool intake_busy(const struct intake *intake);

/* The clock of the last batch. */
void intake_clock(const struct intake *intake, struct tain_s *clock);

/*
 * What is being read from: a pipe that is inherited by one rlog from the other
 * is the same, but not after a boot, and a file not when it is read from its
 * beginning.
 */
struct intake_source {
	char boot[sizeof((struct ring_header *)0)->boot];
	uint64_t device;
	uint64_t inode;
	bool beginning;
};

/* 0, or -1 and errno.  Where the system has no id for a boot it is "". */
int intake_source(struct intake_source *source, int fd);

bool intake_same_boot(const struct intake *intake,
		      const struct intake_source *source);
bool intake_same_source(const struct intake *intake,
			const struct intake_source *source);

/* From now on what is taken in comes from there. */
void intake_adopt(struct intake *intake, const struct intake_source *source);

#endif
