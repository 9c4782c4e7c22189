/*
 * Lines that are held until their group ends.  A store has any number of spools
 * of lines.  A spool keeps up to LINE_SPOOL_BLOCK bytes in memory and the rest
 * in one temporary file of the store, which has no name.  All spools together
 * use about LINE_SPOOL_MEMORY of memory.  A line that would make a spool larger
 * than LINE_SPOOL_MAX, unless the store is widened, or that the file cannot
 * take, is left out and counted.
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
	LINE_SPOOL_BLOCKS_MAX = 1 << 16, /* of all spools, in the file */
};

struct line_spool_block {
	uint32_t next; /* the spool's next block plus one, or 0 */
	uint32_t used; /* bytes */
};

struct line_spool_store {
	int fd;        /* the file, or -1 while there is none */
	int trouble;   /* errno of the last failure, or 0 */
	size_t memory; /* of all spools, in bytes */
	uint64_t most; /* bytes of one spool */
	struct line_spool_block *block;
	uint32_t blocks, room;
	uint32_t spare; /* the first free block plus one, or 0 */
	char *scratch;  /* LINE_SPOOL_BLOCK bytes, to read a block into */
};

/* Zero-initialised is an empty spool. */
struct line_spool {
	char *buf;
	uint32_t len, room;
	uint32_t first, last; /* blocks plus one, or 0 */
	uint64_t bytes;       /* of all held lines */
	uint64_t left_out;    /* number of lines */
};

/* Makes a store that holds no lines and has no file yet. */
void line_spool_store_init(struct line_spool_store *store);

/* Lets a single spool use all that the file can hold. */
void line_spool_store_widen(struct line_spool_store *store);

/* Closes the file; all spools must have been cleared. */
void line_spool_store_free(struct line_spool_store *store);

/*
 * Adds a line of at most LINE_SPOOL_LINE_MAX bytes, and a newline.  Returns 1,
 * or 0 if the line was left out.
 */
int line_spool_add(struct line_spool_store *store, struct line_spool *spool,
		   const char *text, size_t len);

/* Counts lines as left out. */
void line_spool_leave_out(struct line_spool *spool, uint64_t lines);

/*
 * Passes all lines to visit in order, several whole lines with their newlines
 * at a time.  Returns 0, or -1 with errno set if the lines cannot be read back
 * or visit returned -1.
 */
int line_spool_each(struct line_spool_store *store,
		    const struct line_spool *spool,
		    int (*visit)(void *ctx, const char *lines, size_t len),
		    void *ctx);

/*
 * Passes all lines to visit in order, one at a time and without its newline.
 * Returns 0, or -1 with errno set if the lines cannot be read back.
 */
int line_spool_each_line(struct line_spool_store *store,
			 const struct line_spool *spool,
			 void (*visit)(void *ctx, const char *line, size_t len),
			 void *ctx);

/* Forgets all lines. */
void line_spool_clear(struct line_spool_store *store, struct line_spool *spool);

#endif
