/*
 * The ring: the file in which the intake (intake.h) keeps the bytes that were
 * read and are not yet written.  It has a header and then RING_SIZE bytes,
 * which are mapped twice in a row, so that no range of them wraps.  The mapping
 * is shared, and the file is allocated in full when it is made, so that a full
 * disk can't hit it.
 *
 * Positions count all bytes ever taken in; position p is at
 * bytes[(p - base) % RING_SIZE].
 *
 * A ring_state describes the ring.  The process changes its own copy and then
 * publishes it as a whole: it copies it, with its hash, to the slot that does
 * not hold the last published one, and then stores one word of 8 bytes that
 * makes this slot valid.  rlog can end in two ways:
 *
 * A process that is killed leaves everything that its instructions have stored,
 * in their order, since that is in the page cache.  So the slot that was
 * published last is whole, and everything that it describes is there: the bytes
 * from head to tail, their hashes and the table of files are stored before the
 * state that describes them is published, and are not overwritten while it is
 * published.  Bytes that do not fit their hash were not left so by rlog: the
 * ring is damaged.
 *
 * A machine that goes down leaves each sector in any age since its last sync.
 * So only data that fit their hash are used then: the newest slot that does,
 * and the bytes from head up to the first block that does not.  The bytes of a
 * read in progress and the sizes of files are not used, since they may be of
 * another age. Data that were published before the last sync are not lost,
 * since no sector is older.
 */
#ifndef RING_H
#define RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "logwrite/ring_file.h"

enum {
	RING_SIZE = 262144,
	RING_BLOCK = 4096, /* bytes with one hash */
	RING_BLOCKS = RING_SIZE / RING_BLOCK,
	RING_HEADER = 131072,         /* a multiple of every page size */
	RING_FILES = 1024,            /* most directories of a script */
	RING_SCRATCH = 8192,          /* bytes that are dropped with one read */
	RING_SELECTION = 136,         /* bytes: who gets the line in progress */
	RING_MARK = 64,               /* bytes */
	RING_SLOT = 512,              /* a sector */
	RING_NEXT = sizeof(uint64_t), /* bytes */
	RING_ORDER = 0x01020304,
	RING_BOOT_UNKNOWN = 0, /* no boot's hash, and equal to none */
	RING_FILL = 0xff       /* bytes not yet taken; none in UTF-8 is this */
};

/*
 * A `current` when the last batch was begun.  More than its number tells that
 * it is this file: when it was made, the end of what it held before the batch,
 * and the beginning of what it holds of it.  logdir_know fills it in, and
 * checkpoint.c sets left.
 */
struct ring_file {
	uint64_t device;
	uint64_t directory; /* inode of the log directory */
	uint64_t inode;     /* of current */
	uint64_t size;
	uint64_t birth;                /* nanoseconds; 0: not known */
	unsigned char next[RING_NEXT]; /* the first bytes of the batch */
	uint32_t last;                 /* a hash of the bytes before size */
	uint32_t adds : 31;            /* bytes of the batch */
	uint32_t left : 1; /* a batch was begun, and a later script lacks it */
};

/*
 * The line in progress, if midline, and the outputs that get it; checkpoint.c
 * fills it in.
 */
struct ring_line {
	uint64_t script;
	uint32_t midline;
	uint32_t selection_n; /* bytes of the selection that are used */
	unsigned char selection[RING_SELECTION];
};

/*
 * Input that was dropped and is not yet told of in a note; overflow.c counts
 * it.
 */
struct ring_dropped {
	uint64_t lines;
	uint64_t bytes;
	int64_t from[2];  /* label of the first: seconds, nanoseconds */
	int64_t to[2];    /* label of the last */
	uint32_t midline; /* the next byte continues a dropped line */
	uint32_t cut;     /* the log has the beginning of that line */
};

/* The source of the input; intake_source fills it in. */
struct ring_source {
	uint64_t boot; /* a hash of the id of the system's boot then, or 0 */
	uint64_t device;
	uint64_t inode;
};

struct ring_state {
	uint64_t generation;
	uint64_t head; /* all bytes before it are written */
	uint64_t tail; /* of the next byte that is taken in */
	uint64_t was;  /* tail before the last bytes were taken */
	uint64_t base; /* the position of bytes[0] */
	uint64_t part; /* hash of the tail's block, up to tail */
	uint64_t boot; /* a hash of the id of the boot of this state */
	struct ring_source source;
	uint64_t batch;   /* bytes of the batch that is begun */
	int64_t clock[2]; /* label of the last batch */
	uint64_t files_hash;
	uint32_t files_n;
	uint8_t files_at;   /* which of the tables */
	uint8_t vouched;    /* its files are as it says */
	uint8_t busy;       /* a batch is begun and not done */
	uint8_t clean;      /* rlog ended by itself, and the file was synced */
	uint64_t note_at;   /* position of a note of rlog's own */
	uint64_t note_size; /* its bytes, 0: there is none */
	struct ring_dropped dropped;
	struct ring_line line; /* at head; the last member: not all is hashed */
};

/*
 * What the program that puts bytes into the intake from memory wants to know of
 * the last of them; only that program understands it.  A ring that a program
 * without marks has made has zeros here.
 */
struct ring_mark {
	uint64_t check; /* a hash of the mark and the slot, 0: there is none */
	unsigned char bytes[RING_MARK];
};

struct ring_slot {
	alignas(RING_SLOT) uint64_t hash;
	struct ring_state state;
	struct ring_mark mark;
};

/* Every change of the meaning of a member needs a new RING_MAGIC. */
#define RING_MAGIC RING_FAMILY "2\n"

struct ring_header {
	char magic[16];
	uint32_t order;             /* RING_ORDER: the byte order */
	uint32_t size;              /* RING_SIZE */
	_Atomic uint64_t published; /* a generation, with a check */
	_Atomic uint64_t armed; /* bytes that a read may take, with a check */
	uint64_t hashes[RING_BLOCKS]; /* of blocks that are full */
	struct ring_slot slot[2];     /* generation g is in slot[g % 2] */
	struct ring_file files[2][RING_FILES];
	_Atomic uint64_t dropping; /* as armed, of a read into scratch */
	unsigned char scratch[RING_SCRATCH];
};

struct ring {
	struct ring_header *header;
	unsigned char *bytes;
	struct ring_state now; /* ring_publish publishes it... */
	struct ring_mark mark; /* ...with this */
	bool same_boot;        /* since it was published last */
	uint64_t held;         /* bytes from head to tail, when it was opened */
	uint64_t lost;     /* bytes at their end that were not on the disk */
	int fd;            /* -1: in memory */
	const char *taken; /* RING_FOREIGN: "", ".new" or ".bad" */
};

enum ring_found {
	RING_NONE,    /* there was none: it is made anew */
	RING_GOOD,    /* it can be trusted, but for the lost bytes */
	RING_DAMAGED, /* it could not: renamed to NAME.bad, and made anew */
	RING_OTHER,   /* the same for one of another version of rlog */
	RING_FOREIGN, /* NAME, or NAME.taken, is no ring's: left alone */
};

/*
 * Opens the ring at this place, or makes it, and locks it; boot is a hash of
 * the id of the system's boot.  Returns an enum ring_found, or -1 with errno,
 * which is EBUSY if another process has the lock.
 */
int ring_open(struct ring *ring, const struct ring_place *place, uint64_t boot);

/* Makes a ring that ends with the process.  Returns 0, or -1 with errno. */
int ring_open_memory(struct ring *ring);

/* Unmaps and closes the ring, which gives up its lock; the file stays. */
void ring_close(struct ring *ring);

/*
 * Takes the ring over in this boot, right after it was opened.  A process that
 * opens it from now on finds that this one has not ended by itself.  Of a ring
 * that a machine has left which went down, the batch and the sizes of the files
 * mean nothing.  Publishes that.
 */
void ring_take_over(struct ring *ring, uint64_t boot);

/*
 * Publishes that rlog has ended by itself, and syncs the ring.  Returns 0, or
 * -1 with errno.
 */
int ring_end(struct ring *ring);

/* Returns true if the machine went down while rlog was running. */
bool ring_is_crashed(const struct ring *ring);

/*
 * Publishes ring->now and the mark: a process that opens the ring later finds
 * this state.
 */
void ring_publish(struct ring *ring);

/* Has every published state on the disk.  Returns 0, or -1 with errno. */
int ring_sync(const struct ring *ring);

/*
 * Announces a read of at most `room` of the bytes ahead of tail, which are
 * RING_FILL.  Until it is disarmed, or tail moves, a process that opens the
 * ring takes the bytes ahead up to the last one that is not RING_FILL.
 */
void ring_arm(struct ring *ring, uint64_t room);
/* Takes the announcement back: the read took no bytes, or tail has moved. */
void ring_disarm(struct ring *ring);

/*
 * Returns the place for a read of at most n <= RING_SCRATCH bytes that are to
 * be dropped.  Until they are counted, which changes dropped.bytes, or scratch
 * is given up, ring_scratched returns to a process that opens the ring how many
 * bytes the read took.
 */
char *ring_scratch(struct ring *ring, size_t n);
size_t ring_scratched(const struct ring *ring);
void ring_give_up_scratch(struct ring *ring);

/* Moves tail, in ring->now; all bytes before it have been stored. */
void ring_set_tail(struct ring *ring, uint64_t tail);

/* Sets the mark, RING_MARK bytes, that the next ring_publish publishes. */
void ring_set_mark(struct ring *ring, const void *mark);

/* Copies the mark, RING_MARK bytes.  Returns false if there is none. */
bool ring_get_mark(const struct ring *ring, void *mark);

/* Moves the beginning of the ring to tail, where nothing is held. */
void ring_rebase(struct ring *ring);

/* Sets the first n bytes from head on, and this clock, as those of a batch. */
void ring_prepare_batch(struct ring *ring, uint64_t n,
			const struct tain_s *clock);

/* Begins the batch that is prepared, and publishes it. */
void ring_begin_batch(struct ring *ring);

/* Ends the batch, which is written, before this line; publishes nothing. */
void ring_end_batch(struct ring *ring, const struct ring_line *line);

/* Ends the batch, which was cut off or is to be, and publishes that. */
void ring_undo_batch(struct ring *ring);

/* Sets where the input comes from, and publishes it. */
void ring_set_source(struct ring *ring, const struct ring_source *source);

/* Returns the end of the room for bytes, which leaves out the block of head. */
uint64_t ring_limit(const struct ring *ring);

/* Returns the table of files of this state. */
const struct ring_file *ring_files(const struct ring *ring);

/* Returns the table of files for the next state. */
struct ring_file *ring_next_files(const struct ring *ring);

/* Makes the next table, of n files, the table, in ring->now. */
void ring_set_files(struct ring *ring, uint32_t n);

/* A hash of n files of the table. */
uint64_t ring_hash_files(const struct ring_file *files, uint32_t n);

/* The word that publishes this generation. */
uint64_t ring_published(uint64_t generation);

/*
 * Sets ring->now, and all that depends on it, from a header and bytes that were
 * found.  A process that opens the ring next finds the same, until this one
 * takes it over.  Returns false if the ring is damaged.
 */
bool ring_trust(struct ring *ring, uint64_t boot);

/* Returns the line in progress. */
struct ring_line *ring_line(struct ring *ring);

/* Returns the dropped input. */
struct ring_dropped *ring_dropped(struct ring *ring);

/* Sets the position of the note that overflow.c writes, and its bytes. */
void ring_set_note(struct ring *ring, uint64_t at, uint64_t size);

/* The bytes that a read of ring_scratch put there. */
const char *ring_scratch_bytes(const struct ring *ring);

/* Notes that the files of the table are as it says. */
void ring_vouch(struct ring *ring);

/* The beginning of the block of this position. */
uint64_t ring_block(const struct ring *ring, uint64_t position);

/* The byte at a position. */
unsigned char *ring_at(const struct ring *ring, uint64_t position);

#endif
