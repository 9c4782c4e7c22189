/*
 * The ring: the file in which the intake (intake.h) keeps what has been read
 * and not yet been written.  A header, and then RING_SIZE bytes mapped twice in
 * a row, so that nothing in them ever wraps.  The mapping is shared: a process
 * that is killed leaves it whole, in the page cache.  The file is allocated in
 * full when it is made, so that a full disk can't hit the mapping.
 *
 * Positions count all bytes ever taken in; position p is at
 * bytes[(p - base) % RING_SIZE].
 */
#ifndef RLOG_RING_H
#define RLOG_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "rlog/ring_file.h"

enum {
	RING_SIZE = 262144,
	RING_HEADER = 65536,  /* a multiple of every page size */
	RING_FILES = 1024,    /* most directories of a script */
	RING_SELECTION = 256, /* bytes: who gets the line in progress */
	RING_FILL = 0xff      /* bytes not yet taken; none in UTF-8 is this */
};

/* A `current`, and how long it was before the batch. */
struct ring_file {
	uint64_t device;
	uint64_t directory; /* inode of the log directory, */
	uint64_t inode;     /* and of current */
	uint64_t size;
};

/* How things stand between two batches. */
struct ring_state {
	uint64_t head;    /* all before it is written */
	uint64_t midline; /* the byte at head goes on with a line... */
	uint64_t script;  /* ...that these get, by this script (a hash) */
	unsigned char selection[RING_SELECTION];
};

/* What was thrown away, since a service must not wait, and not yet told. */
struct ring_dropped {
	uint64_t lines;
	uint64_t bytes;
	uint64_t midline; /* the next byte goes on with a dropped line, ... */
	uint64_t cut;     /* ...the beginning of which is in the log */
	int64_t from[2];  /* seconds and nanoseconds of the first's label... */
	int64_t to[2];    /* ...and the last's */
};

/* Whoever changes the meaning of anything here changes RING_MAGIC. */
#define RING_MAGIC RING_FAMILY "1\n"

struct ring_header {
	char magic[16];
	uint32_t order; /* RING_ORDER: the byte order */
	uint32_t size;  /* RING_SIZE */
	char boot[64];  /* of the system when the source was this: */
	uint64_t device;
	uint64_t inode;
	uint64_t clean; /* rlog ended by itself, and the file was synced */
	uint64_t room;  /* the read at `armed` may take so much */
	_Atomic uint64_t armed;     /* where the last read began */
	_Atomic uint64_t tail;      /* where the next byte goes */
	_Atomic uint64_t base;      /* the position of bytes[0] */
	_Atomic uint64_t begun;     /* batches, of which... */
	_Atomic uint64_t done;      /* ...all but at most one are written */
	struct ring_state state[2]; /* state[done % 2] is valid */
	int64_t clock[2];           /* label of the batch that is begun */
	struct ring_dropped dropped;
	uint64_t note_at;   /* a line of rlog's own begins here... */
	uint64_t note_size; /* ...of so many bytes; 0: none */
	uint64_t files_n;
	struct ring_file files[RING_FILES];
};

struct ring {
	struct ring_header *header;
	unsigned char *bytes;
	int fd;            /* -1: in memory */
	const char *taken; /* RING_FOREIGN: "", ".new" or ".bad" */
};

enum ring_found {
	RING_NONE,    /* there was none: it is made anew */
	RING_GOOD,    /* it can be trusted */
	RING_DAMAGED, /* it could not: renamed to NAME.bad, and made anew */
	RING_FOREIGN, /* NAME, or NAME.taken, is no ring's: left alone */
};

/*
 * Opens the ring at this place, or makes it, and locks it.  An enum ring_found,
 * or -1 with errno, which is EBUSY if another process has it.
 */
int ring_open(struct ring *ring, const struct ring_place *place);

/* One that ends with the process.  0, or -1 and errno. */
int ring_open_memory(struct ring *ring);

void ring_close(struct ring *ring);

/* The byte at a position. */
static inline unsigned char *ring_at(const struct ring *ring, uint64_t position)
{
	return ring->bytes +
	       (position - atomic_load_explicit(&ring->header->base,
						memory_order_relaxed)) %
		   RING_SIZE;
}

/*
 * *to = value, when everything before it has been stored, and before anything
 * after it is.  A fence for the compiler is enough: what a process has stored
 * when it is killed is what its instructions stored, in their order.
 */
static inline void ring_store(_Atomic uint64_t *to, uint64_t value)
{
	atomic_signal_fence(memory_order_seq_cst);
	atomic_store_explicit(to, value, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
}

static inline uint64_t ring_load(const _Atomic uint64_t *from)
{
	return atomic_load_explicit(from, memory_order_relaxed);
}

#endif
