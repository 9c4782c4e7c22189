/*
 * The ring: the file in which the intake (intake.h) keeps what has been read
 * and not yet been written.  A header, and then RING_SIZE bytes mapped twice in
 * a row, so that nothing in them ever wraps.  The mapping is shared, and the
 * file is allocated in full when it is made, so that a full disk can't hit it.
 *
 * Positions count all bytes ever taken in; position p is at
 * bytes[(p - base) % RING_SIZE].
 *
 * How things stand is a ring_state.  The process has its own, and publishes it
 * as a whole: it is copied, with its hash, to that of the two slots that does
 * not hold the last one, and then one store of 8 bytes says that this slot is
 * valid.  Two kinds of end are possible:
 *
 * A process that is killed leaves all that its instructions have stored, in
 * their order, since that is in the page cache.  So the slot that was published
 * last is whole, and what it speaks of is as it says: the bytes from head to
 * tail, their hashes and the table of files are stored before the state that
 * speaks of them is published, and nothing that the published state speaks of
 * is ever overwritten.  What does not fit its hash was not left so by rlog: the
 * ring is damaged.
 *
 * A machine that goes down leaves of each sector any age since its last sync.
 * So whatever is used then has to fit its hash: the newest slot that does; the
 * bytes from head up to the first block that does not; and never what a read
 * was taking in, or the sizes of files, which may be of another age.  What was
 * published before the last sync is not lost, since nothing older is there.
 */
#ifndef RING_H
#define RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "rlog/ring_file.h"

enum {
	RING_SIZE = 262144,
	RING_BLOCK = 4096, /* bytes with one hash */
	RING_BLOCKS = RING_SIZE / RING_BLOCK,
	RING_HEADER = 131072,         /* a multiple of every page size */
	RING_FILES = 1024,            /* most directories of a script */
	RING_SCRATCH = 8192,          /* bytes that are dropped with one read */
	RING_SELECTION = 136,         /* bytes: who gets the line in progress */
	RING_SLOT = 512,              /* a sector */
	RING_NEXT = sizeof(uint64_t), /* bytes */
	RING_ORDER = 0x01020304,
	RING_BOOT_UNKNOWN = 0, /* no boot's hash, and equal to none */
	RING_FILL = 0xff       /* bytes not yet taken; none in UTF-8 is this */
};

/*
 * A `current` when the last batch was begun.  More than its number tells that
 * it is this file: when it was made, the end of what it held before the batch,
 * and the beginning of what it holds of it.
 */
struct ring_file {
	uint64_t device;
	uint64_t directory; /* inode of the log directory, */
	uint64_t inode;     /* and of current */
	uint64_t size;
	uint64_t birth;                /* nanoseconds; 0: not known */
	unsigned char next[RING_NEXT]; /* the batch begins so */
	uint32_t last;                 /* a hash of the bytes before size */
	uint32_t adds : 31;            /* bytes of the batch */
	uint32_t left : 1; /* a batch was begun, and a later script lacks it */
};

/* The line in progress, if `midline`; who gets it, by this script (a hash). */
struct ring_line {
	uint64_t script;
	uint32_t midline;
	uint32_t selection_n; /* bytes of the selection that are used */
	unsigned char selection[RING_SELECTION];
};

/* What was thrown away, since a service must not wait, and not yet told. */
struct ring_dropped {
	uint64_t lines;
	uint64_t bytes;
	int64_t from[2];  /* seconds and nanoseconds of the first's label... */
	int64_t to[2];    /* ...and the last's */
	uint32_t midline; /* the next byte goes on with a dropped line, ... */
	uint32_t cut;     /* ...the beginning of which is in the log */
};

/* What is read from. */
struct ring_source {
	uint64_t boot; /* a hash of the id of the system's boot then, or 0 */
	uint64_t device;
	uint64_t inode;
};

struct ring_state {
	uint64_t generation;
	uint64_t head; /* all before it is written */
	uint64_t tail; /* where the next byte goes */
	uint64_t was;  /* tail before the last bytes were taken */
	uint64_t base; /* the position of bytes[0] */
	uint64_t part; /* hash of the tail's block, up to tail */
	uint64_t boot; /* a hash of the id of the boot in which this was so */
	struct ring_source source;
	uint64_t batch;   /* bytes of the batch that is begun */
	int64_t clock[2]; /* label of the last batch */
	uint64_t files_hash;
	uint32_t files_n;
	uint8_t files_at;   /* which of the tables */
	uint8_t vouched;    /* its files are as it says */
	uint8_t busy;       /* a batch is begun and not done */
	uint8_t clean;      /* rlog ended by itself, and the file was synced */
	uint64_t note_at;   /* a line of rlog's own begins here... */
	uint64_t note_size; /* ...of so many bytes; 0: none */
	struct ring_dropped dropped;
	struct ring_line line; /* at head; the last member: not all is hashed */
};

struct ring_slot {
	alignas(RING_SLOT) uint64_t hash;
	struct ring_state state;
};

/* Whoever changes the meaning of anything here changes RING_MAGIC. */
#define RING_MAGIC RING_FAMILY "2\n"

struct ring_header {
	char magic[16];
	uint32_t order;               /* RING_ORDER: the byte order */
	uint32_t size;                /* RING_SIZE */
	_Atomic uint64_t published;   /* a generation, with a check */
	_Atomic uint64_t armed;       /* a read takes so much, with a check */
	uint64_t hashes[RING_BLOCKS]; /* of blocks that are full */
	struct ring_slot slot[2];     /* generation g is in slot[g % 2] */
	struct ring_file files[2][RING_FILES];
	_Atomic uint64_t dropping; /* as armed, of a read of what is dropped */
	unsigned char scratch[RING_SCRATCH];
};

struct ring {
	struct ring_header *header;
	unsigned char *bytes;
	struct ring_state now; /* ring_publish publishes it */
	bool same_boot;        /* since it was published last */
	uint64_t held;         /* bytes that it held, of which... */
	uint64_t lost;         /* ...these were not on the disk, at the end */
	int fd;                /* -1: in memory */
	const char *taken;     /* RING_FOREIGN: "", ".new" or ".bad" */
};

enum ring_found {
	RING_NONE,    /* there was none: it is made anew */
	RING_GOOD,    /* it can be trusted, but for what is lost */
	RING_DAMAGED, /* it could not: renamed to NAME.bad, and made anew */
	RING_OTHER,   /* the same for one of another version of rlog */
	RING_FOREIGN, /* NAME, or NAME.taken, is no ring's: left alone */
};

/*
 * Opens the ring at this place, or makes it, and locks it; boot is a hash of
 * the id of the system's boot.  Returns an enum ring_found, or -1 with errno,
 * which is EBUSY if another process has it.
 */
int ring_open(struct ring *ring, const struct ring_place *place, uint64_t boot);

/* One that ends with the process.  0, or -1 and errno. */
int ring_open_memory(struct ring *ring);

void ring_close(struct ring *ring);

/* From here on whoever opens the ring finds it as ring->now says. */
void ring_publish(struct ring *ring);

/* Has all that was published on the disk.  0, or -1 and errno. */
int ring_sync(const struct ring *ring);

/*
 * The bytes ahead of tail are RING_FILL, and a read takes at most `room` of
 * them.  Whoever opens the ring takes what is ahead, up to the last byte that
 * is not RING_FILL; until it is disarmed, or tail moves.
 */
void ring_arm(struct ring *ring, uint64_t room);
void ring_disarm(struct ring *ring);

/*
 * Where a read puts at most n <= RING_SCRATCH bytes that are to be dropped.
 * Until they are counted, which changes dropped.bytes, or scratch is given up,
 * ring_scratched tells whoever opens the ring how many the read took.
 */
char *ring_scratch(struct ring *ring, size_t n);
size_t ring_scratched(const struct ring *ring);
void ring_give_up_scratch(struct ring *ring);

/* Moves tail, in ring->now: all before it has been stored. */
void ring_set_tail(struct ring *ring, uint64_t tail);

/* The end of the room for bytes: they must not hit the block of head. */
uint64_t ring_limit(const struct ring *ring);

/* The table of files, and the one for the next state. */
const struct ring_file *ring_files(const struct ring *ring);
struct ring_file *ring_next_files(const struct ring *ring);

/* The next table, of n files, becomes the table, in ring->now. */
void ring_set_files(struct ring *ring, uint32_t n);

/* A hash of n files of the table. */
uint64_t ring_hash_files(const struct ring_file *files, uint32_t n);

/* The word that publishes this generation. */
uint64_t ring_published(uint64_t generation);

/*
 * Sets ring->now, and all that depends on it, from a header and bytes that were
 * found.  Returns false if the ring is damaged.
 */
bool ring_trust(struct ring *ring, uint64_t boot);

/* The dropped input, which overflow.c counts. */
static inline struct ring_dropped *ring_dropped(struct ring *ring)
{
	return &ring->now.dropped;
}

/* Sets the position of the note that overflow.c writes, and its bytes. */
static inline void ring_set_note(struct ring *ring, uint64_t at, uint64_t size)
{
	ring->now.note_at = at;
	ring->now.note_size = size;
}

/* The bytes that a read of ring_scratch put there. */
static inline const char *ring_scratch_bytes(const struct ring *ring)
{
	return (const char *)ring->header->scratch;
}

/* Notes that the files of the table are as it says. */
static inline void ring_vouch(struct ring *ring)
{
	ring->now.vouched = 1;
}

/* The beginning of the block of this position. */
static inline uint64_t ring_block(const struct ring *ring, uint64_t position)
{
	return position - (position - ring->now.base) % RING_BLOCK;
}

/* The byte at a position. */
static inline unsigned char *ring_at(const struct ring *ring, uint64_t position)
{
	return ring->bytes + (position - ring->now.base) % RING_SIZE;
}

#endif
