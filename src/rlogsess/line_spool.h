/*
 * Lines that are held back until it is known what becomes of them.  A store has
 * any number of heaps of lines; each is in memory up to LINE_SPOOL_BLOCK bytes,
 * and what is more lies in one temporary file, which has no name.  All heaps
 * together use about LINE_SPOOL_MEMORY of memory.  A heap that would grow
 * beyond LINE_SPOOL_MAX, or a file that takes nothing more, leaves lines out
 * and counts them.
 */
#ifndef LINE_SPOOL_H
#define LINE_SPOOL_H

#include <stddef.h>
#include <stdint.h>

enum {
	LINE_SPOOL_BLOCK = 65536,
	LINE_SPOOL_LINE_MAX = LINE_SPOOL_BLOCK - 1, /* without the newline */
	LINE_SPOOL_MEMORY = 12 << 20,
	LINE_SPOOL_MAX = 64 << 20,
	LINE_SPOOL_BLOCKS_MAX = 1 << 16, /* of all heaps, in the file */
};

struct line_spool_block {
	uint32_t next; /* number of the next one, plus one; 0: none */
	uint32_t used; /* bytes */
};

struct line_spool_store {
	int fd;        /* the file, or -1 while there is none */
	int trouble;   /* errno of the last failure, 0 if there was none */
	size_t memory; /* of all heaps */
	struct line_spool_block *block;
	uint32_t blocks, room;
	uint32_t spare; /* the first block that nobody uses, plus one */
	char *scratch;  /* LINE_SPOOL_BLOCK bytes, for reading back */
};

/* Zero-initialised is an empty heap. */
struct line_spool {
	char *buf;
	uint32_t len, room;
	uint32_t first, last; /* blocks, plus one */
	uint64_t bytes;       /* all that is held */
	uint64_t left_out;    /* lines */
};

void line_spool_store_init(struct line_spool_store *store);
void line_spool_store_free(struct line_spool_store *store);

/*
 * Adds one line of at most LINE_SPOOL_LINE_MAX bytes, and a newline.  Returns
 * 1, or 0 if it is left out.
 */
int line_spool_add(struct line_spool_store *store, struct line_spool *heap,
		   const char *text, size_t len);

/*
 * Hands the lines to give, in order, so many whole ones at a time as there are
 * in a block.  Returns 0, or -1 with errno when they can not be read back or
 * give returned -1.
 */
int line_spool_each(struct line_spool_store *store,
		    const struct line_spool *heap,
		    int (*give)(void *ctx, const char *lines, size_t len),
		    void *ctx);

/* The same line by line, without their newlines. */
int line_spool_each_line(struct line_spool_store *store,
			 const struct line_spool *heap,
			 void (*give)(void *ctx, const char *line, size_t len),
			 void *ctx);

/* Forgets all lines. */
void line_spool_clear(struct line_spool_store *store, struct line_spool *heap);

#endif
