/*
 * The intake: the bytes that were read and are not yet written, in a ring
 * (ring.h) that outlives the process.  For every byte that was read, the next
 * process can tell whether it has been written, at whatever place this one was
 * killed:
 *
 *     head            commit            tail          tail + room
 *      | being written | not yet written | being taken |
 *
 * Taking in: the bytes ahead of tail are RING_FILL.  The ring is armed for a
 * read of at most room of them, and after the read tail is moved.  A process
 * that finds the ring armed takes the bytes ahead up to the last one that is
 * not RING_FILL.  So a read is not known exactly only if it ends in such bytes,
 * which are no text; and only the bytes of that read have no hash.
 *
 * Writing: the size of every file that the batch goes to and its clock are
 * published, with `busy`; the batch is written; then the state after it is
 * published.  A process that finds the ring busy cuts the files back to those
 * sizes and makes the batch again, with its clock.
 *
 * After another boot the sizes mean nothing, so no file is cut, and the batch
 * may be written twice.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include <sys/types.h>

#include "logwrite/ring.h"

enum {
	INTAKE_SIZE = RING_SIZE,
	INTAKE_READ = 65536,   /* most for a read... */
	INTAKE_TRICKLE = 4096, /* ...where little came with the last one */
	/*
	 * No packet in a pipe is longer.  The writer alone can make a pipe one
	 * of packets, which its reader can't see: so each read of a pipe must
	 * have room for one.
	 */
	INTAKE_PACKET = 4096
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
 * Takes over the content of the ring, right after that is opened.  A process
 * that opens the ring from now on finds that this one has not ended, also after
 * another boot: that is on the disk before anything is taken in or written.
 * Returns 0, or -1 with errno if it may not be.
 */
int intake_open(struct intake *intake, uint64_t boot);

/*
 * Marks the ring as closed cleanly, unless a batch is begun, syncs and closes
 * it. Returns 0, or -1 with errno.
 */
int intake_close(struct intake *intake);

/*
 * Reads at most `most` bytes, and no more than there is room for, with one
 * call. Returns as read; also 0 if there is no room, so call intake_full
 * before.  With most under INTAKE_PACKET, packets are cut.
 */
ssize_t intake_take(struct intake *intake, int fd, size_t most);

/* Takes in n bytes from memory, for which there must be room. */
void intake_put(struct intake *intake, const char *bytes, size_t n);

/*
 * Takes in n bytes, which may be 0, as intake_put, and sets the mark, RING_MARK
 * bytes, in the same step: a process that opens the ring later finds both or
 * neither.
 */
void intake_put_marked(struct intake *intake, const char *bytes, size_t n,
		       const void *mark);

/* Copies the mark that was set last.  Returns false if none was. */
bool intake_mark(const struct intake *intake, void *mark);

/* Removes the last n of intake_bytes. */
void intake_drop(struct intake *intake, size_t n);

/* Returns the bytes that are in no batch yet, in a row, and their number. */
const char *intake_bytes(const struct intake *intake, size_t *n);

/* Returns the number of bytes that there is room for before a batch is written.
 */
size_t intake_room(const struct intake *intake);

/*
 * Returns true if nothing can be taken in before a batch is written: there is
 * no room for a packet.
 */
bool intake_full(const struct intake *intake);

/*
 * Prepares a batch of the first n of intake_bytes, with this clock.  Returns
 * the line in progress after it, which the caller fills in, as it does with the
 * next table of files.
 */
struct ring_line *intake_prepare(struct intake *intake, size_t n,
				 const struct tain_s *clock);

/* Begins the batch that is prepared: publishes it. */
void intake_begin(struct intake *intake);

/* Ends the batch, which is written. */
void intake_done(struct intake *intake);

/* Ends the batch, which was cut off: its bytes are in no batch again. */
void intake_redo(struct intake *intake);

/* Returns true if a batch is begun and not ended. */
bool intake_busy(const struct intake *intake);

/* The clock of the last batch. */
void intake_clock(const struct intake *intake, struct tain_s *clock);

/*
 * Returns how many of the first n of intake_bytes may be in one batch, and
 * whether these are a note of dropped lines: a note is a batch of its own.
 */
size_t intake_split(const struct intake *intake, size_t n, bool *note);

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

/*
 * True if the bytes in the ring came from this source, since the system was
 * started last.  False for a file that is read from its beginning.
 */
bool intake_same_source(const struct intake *intake,
			const struct intake_source *source);

/* From now on what is taken in comes from there. */
void intake_adopt(struct intake *intake, const struct intake_source *source);

#endif
