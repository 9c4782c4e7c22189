/*
 * One file of a log, read line by line or in blocks of whole lines, compressed
 * or not, while it may still grow.  Its buffer is a part of it.
 */
#ifndef LOG_FILE_H
#define LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include "logread/position.h"

enum { LOG_FILE_PIECE = 1 << 18 }; /* longer lines come in pieces */

struct log_file {
	int file;               /* -1: none is open */
	int in;                 /* where its bytes come from: file, or a pipe */
	pid_t child;            /* what unpacks it, or 0 */
	const char *program;    /* that one's name, or NULL */
	bool ended;             /* what unpacks it has ended */
	bool stream;            /* its bytes are read as they come, once */
	bool interruptible;     /* a signal makes an error of EINTR */
	int (*idle)(void *ctx); /* called before such a read, or NULL; */
	void *ctx;              /* -1: it is not done, with EINTR */
	uint64_t limit;         /* reads no further than this offset */
	uint64_t offset;        /* of buf[begin] */
	size_t begin, end;      /* what is not taken yet lies between them */
	size_t head_len;
	char head[POSITION_HEAD]; /* the first head_len bytes of it */
	char buf[POSITION_TAIL + LOG_FILE_PIECE];
};

/* Some text of a file; a line comes without its newline. */
struct log_file_text {
	const char *at;
	size_t len;
	bool begins; /* it is at the beginning of a line */
	bool ends;   /* a newline follows */
};

void log_file_init(struct log_file *f);

/*
 * Opens a regular file in a directory, no link.  0, or -1 and errno; f->program
 * is then not NULL if that could not be run.
 */
int log_file_open(struct log_file *f, int directory, const char *name);

/* The same with an open descriptor, which it owns; its offset is not used. */
int log_file_adopt(struct log_file *f, int fd);

/* Reads a descriptor as it comes, whatever it is. */
void log_file_stream(struct log_file *f, int fd);

/* Opens a regular file for reading, no link; the descriptor, or -1. */
int log_file_descriptor(int directory, const char *name);

/*
 * The next line or piece: 1; 0 at the end of the file; -1 and errno.  At the
 * end, what has no newline is given only if `rest` says so.  *t is good until
 * the next call.
 */
int log_file_line(struct log_file *f, struct log_file_text *t, bool rest);

/*
 * The same with as many lines as there are in `most` bytes, with their
 * newlines: `ends` tells whether the last byte is one.
 */
int log_file_block(struct log_file *f, struct log_file_text *t, size_t most,
		   bool rest);

/* Goes on at this offset, in a file that is not compressed. */
void log_file_seek(struct log_file *f, uint64_t offset);

/* Where it stands; the label of the last line is the caller's to add. */
void log_file_place(struct log_file *f, struct position *place);

/*
 * Goes to a place, if this is its file: 1; 0 if it is not, and then it stands
 * anywhere; -1 and errno.
 */
int log_file_resume(struct log_file *f, const struct position *place);

/*
 * True if the file is not longer than what was read and begins otherwise:
 * somebody has emptied it.
 */
bool log_file_emptied(const struct log_file *f);

/* Closes it, but for f->file if keep says so; that is the answer, or -1. */
int log_file_close(struct log_file *f, bool keep);

#endif
