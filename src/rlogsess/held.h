/*
 * Lines that are held back until it is known what becomes of them.  A store has
 * any number of heaps of lines; each is in memory up to HELD_BLOCK bytes, and
 * what is more lies in one temporary file, which has no name.  All heaps
 * together use about HELD_MEMORY of memory.  A heap that would grow beyond
 * HELD_MAX, or a file that takes nothing more, leaves lines out and counts
 * them.
 */
#ifndef RLOGSESS_HELD_H
#define RLOGSESS_HELD_H

#include <stddef.h>
#include <stdint.h>

enum {
	HELD_BLOCK = 65536,
	HELD_LINE_MAX = HELD_BLOCK - 1, /* without the newline */
	HELD_MEMORY = 12 << 20,
	HELD_MAX = 64 << 20,
	HELD_BLOCKS_MAX = 1 << 16, /* of all heaps, in the file */
};

struct held_block {
	uint32_t next; /* number of the next one, plus one; 0: none */
	uint32_t used; /* bytes */
};

struct held_store {
	int fd;        /* the file, or -1 while there is none */
	int trouble;   /* errno of the last failure, 0 if there was none */
	size_t memory; /* of all heaps */
	struct held_block *block;
	uint32_t blocks, room;
	uint32_t spare; /* the first block that nobody uses, plus one */
	char *scratch;  /* HELD_BLOCK bytes, for reading back */
};

/* Zero-initialised is an empty heap. */
struct held {
	char *buf;
	uint32_t len, room;
	uint32_t first, last; /* blocks, plus one */
	uint64_t bytes;       /* all that is held */
	uint64_t left_out;    /* lines */
};

void held_store_init(struct held_store *store);
void held_store_free(struct held_store *store);

/*
 * Adds one line of at most HELD_LINE_MAX bytes, and a newline.  Returns 1, or 0
 * if it is left out.
 */
int held_add(struct held_store *store, struct held *heap, const char *text,
	     size_t len);

/*
 * Hands the lines to give, in order, so many whole ones at a time as there are
 * in a block.  Returns 0, or -1 with errno when they can not be read back or
 * give returned -1.
 */
int held_each(struct held_store *store, const struct held *heap,
	      int (*give)(void *ctx, const char *lines, size_t len), void *ctx);

/* The same line by line, without their newlines. */
int held_each_line(struct held_store *store, const struct held *heap,
		   void (*give)(void *ctx, const char *line, size_t len),
		   void *ctx);

/* Forgets all lines. */
void held_clear(struct held_store *store, struct held *heap);

#endif
