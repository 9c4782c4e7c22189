/*
 * One file of a log, read line by line or in blocks of whole lines, compressed
 * or not, while it may still grow.
 */
#ifndef LOG_FILE_H
#define LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "logread/position.h"

enum { LOG_FILE_FRAGMENT = 1 << 18 }; /* longer lines are given in fragments */

/* Its members are for log_file.c; others read fd, program and stream. */
struct log_file {
	int fd;                 /* the file, -1 if none is open */
	int input;              /* its text is read from here: fd, or a pipe */
	pid_t child;            /* the process that unpacks it, or 0 */
	const char *program;    /* the name of that program, or NULL */
	bool unpacked;          /* that process has ended */
	bool stream;            /* is read in order, once, and has no offsets */
	bool interruptible;     /* a read that a signal ends fails with EINTR */
	int (*idle)(void *ctx); /* called before each read, or NULL */
	void *ctx;              /* its argument */
	uint64_t limit;         /* nothing is read from this offset on */
	uint64_t offset;        /* of buf[begin] */
	size_t begin, end;      /* buf[begin..end) was read and not given yet */
	size_t head_len;
	char head[POSITION_HEAD]; /* the first head_len bytes of the text */
	char buf[POSITION_TAIL + LOG_FILE_FRAGMENT];
};

/* Text of a file, in its buffer: valid until the next call that reads. */
struct log_file_text {
	const char *at;
	size_t len;
	uint64_t offset; /* of its first byte in the file, unpacked */
	bool begins;     /* it begins a line */
	bool ends;       /* a newline ends it */
};

/* Makes a file that is not open. */
void log_file_init(struct log_file *file);

/*
 * Opens a regular file of a directory, and no symbolic link.  Returns 0, or -1
 * with errno set; file->program is then not NULL if that program did not start.
 */
int log_file_open(struct log_file *file, int directory, const char *name);

/*
 * Reads from the beginning of the regular file fd, which it owns from now on.
 * Returns 0, or -1 with errno set as log_file_open does.
 */
int log_file_adopt(struct log_file *file, int fd);

/* Reads the regular file fd, which it owns from now on, and never unpacks it.
 */
void log_file_adopt_plain(struct log_file *file, int fd);

/*
 * Reads fd, which it owns from now on, in order: a pipe, a terminal, or a file
 * from its present offset.  idle(ctx) is called before each read if idle is not
 * NULL; if it returns -1, the read fails with EINTR.
 */
void log_file_stream(struct log_file *file, int fd, int (*idle)(void *ctx),
		     void *ctx);

/*
 * Opens a regular file of a directory for reading, and no symbolic link.
 * Returns the descriptor, or -1 with errno set.
 */
int log_file_descriptor(int directory, const char *name);

/* Lets the file end at this offset, if not at a smaller one already. */
void log_file_set_limit(struct log_file *file, uint64_t offset);

/*
 * Gives the next line without its newline, or the next fragment of a long one.
 * At the end of the file a line without a newline is given only if `rest` is
 * true.  Returns 1, 0 if there is nothing to give, or -1 with errno set.
 */
int log_file_line(struct log_file *file, struct log_file_text *text, bool rest);

/*
 * Gives the whole lines, with their newlines, that the next `most` bytes hold,
 * or these bytes if they hold no newline.  At the end of the file a line
 * without a newline is given only if `rest` is true.  Returns 1, 0 if there is
 * nothing to give, or -1 with errno set.
 */
int log_file_block(struct log_file *file, struct log_file_text *text,
		   size_t most, bool rest);

/* Continues at this offset, in a file that is not compressed. */
void log_file_seek(struct log_file *file, uint64_t offset);

/*
 * Continues at the beginning, also in a compressed file.  Returns 0, or -1 with
 * errno set: the file is then closed.
 */
int log_file_rewind(struct log_file *file);

/*
 * Stores the position after the text given last.  `last` is the label of the
 * last line before it, or NULL.
 */
void log_file_place(const struct log_file *file, const struct tain_s *last,
		    struct position *position);

/*
 * Stores the position after the first n bytes of text, which must be valid
 * still; its newline counts.  `last` is the label of the last line before the
 * position, or NULL.
 */
void log_file_place_within(const struct log_file *file,
			   const struct log_file_text *text, size_t n,
			   const struct tain_s *last,
			   struct position *position);

/*
 * Continues at a position if it is one of this file.  Returns 1; 0 if it is a
 * position of another file, or -1 with errno set: in both cases it is undefined
 * where the file continues.
 */
int log_file_resume(struct log_file *file, const struct position *position);

/* True if the text given last, or before the position, has no newline. */
bool log_file_is_mid_line(const struct log_file *file);

/*
 * True if the file was emptied after it was read: it is not longer than the
 * text that was read, and begins with other bytes.
 */
bool log_file_emptied(const struct log_file *file);

/* Closes the file. */
void log_file_close(struct log_file *file);

/*
 * Ends reading.  Returns the descriptor of the file, which the caller owns
 * from now on, or -1 if none was open.
 */
int log_file_release(struct log_file *file);

#endif
