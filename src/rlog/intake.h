/*
 * The intake: what has been read and not yet been written, in a ring (ring.h)
 * that outlives the process.  For every byte that was read, the next process
 * can tell whether it has been written, wherever this one was killed:
 *
 *     head            commit            tail          tail + room
 *      | being put out | not yet put out | being taken |
 *
 * Taking in: the bytes ahead of tail are RING_FILL; the ring is armed, which
 * says that a read takes at most room of them; after the read tail is moved.
 * Whoever finds the ring armed takes what is ahead up to the last byte that is
 * not RING_FILL.  So only a read that ends in such bytes, which are no text, is
 * not known exactly, and only of these bytes there is no hash.
 *
 * Putting out: the size of every file that the batch goes to and its clock are
 * published, with `busy`; it is written; then the state after it is published.
 * Whoever finds it busy cuts the files back to those sizes and makes the batch
 * again, with its clock.
 *
 * After another boot the sizes say nothing, so no file is cut: the batch may be
 * there twice.
 */
#ifndef INTAKE_H
#define INTAKE_H

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
	struct ring_line after; /* the line in progress after the batch */
	uint64_t commit; /* the end of the batch that is begun, or head */
	uint64_t filled; /* up to here it is RING_FILL, from tail on */
	size_t room;     /* for the next read */
	bool clean;      /* the last one had ended by itself */
	bool crashed;    /* the machine went down while rlog was running */
	bool replay;     /* it had begun a batch, and not written all of it */
};

/*
 * Adopts what the ring holds: to be called once after it is opened.  Whoever
 * opens the ring from now on finds that it was not ended, also after another
 * boot: that is on the disk before anything is taken in or written.  Returns 0,
 * or -1 and errno if it is perhaps not.
 */
int intake_open(struct intake *intake, uint64_t boot);

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
static inline struct ring_state *intake_state(struct intake *intake)
{
	return &intake->ring.now;
}

/*
 * A batch is prepared: it takes the first n of intake_bytes, this is its clock,
 * and the caller fills in the line in progress after it, ...
 */
struct ring_line *intake_prepare(struct intake *intake, size_t n,
				 const struct tain_s *clock);

/* ...and the table of files that it goes to; then it is begun... */
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
	struct ring_source is;
	bool beginning;
};

/* 0, or -1 and errno.  Where the system has no id for a boot, all are one. */
int intake_source(struct intake_source *source, int fd);

bool intake_same_source(const struct intake *intake,
			const struct intake_source *source);

/* From now on what is taken in comes from there. */
void intake_adopt(struct intake *intake, const struct intake_source *source);

#endif
