/*
 * The output of found messages: files of a directory, byte for byte, or an mbox
 * (mboxrd: lines that begin with "From ", also behind any number of ">", get
 * one more ">"; lines end with LF).  A message waits in a temporary file until
 * it is known to be whole.
 */
#ifndef MAIL_OUTPUT_H
#define MAIL_OUTPUT_H

#include <stdint.h>

#include "base/output.h"

struct mail_output {
	struct output *mbox;  /* or NULL */
	const char *dir;      /* of files, or NULL */
	int dir_fd, file;     /* file: the temporary one */
	int error;            /* errno of the first failure, or 0 */
	int64_t time;         /* of the message, LINE_TIME_NONE if unknown */
	uint64_t count;       /* messages of the group */
	uint64_t number, key; /* of the group */
	char name[80];        /* of the last file */
	struct output waiting;
};

/*
 * Starts to write to mbox or, unless that is NULL, to the directory dir, which
 * is created if it is missing.  Returns 0, or -1 with errno set.
 */
int mail_output_init(struct mail_output *output, struct output *mbox,
		     const char *dir);

/* Releases all but mbox. */
void mail_output_free(struct mail_output *output);

/* Says which group the next messages are of. */
void mail_output_choose_group(struct mail_output *output, uint64_t number,
			      uint64_t key);

/* Begins a message, and forgets the last one if it was not written. */
void mail_output_begin(void *output, int64_t time);

/* Adds bytes to the message. */
void mail_output_bytes(void *output, const char *text, size_t len);

/*
 * Writes the message, which is whole.  The first failure is kept in error, with
 * the name of the file, and nothing is written after it.
 */
void mail_output_write(void *output, const char *sender);

#endif
