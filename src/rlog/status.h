/*
 * A status file: the last selected line, its first 1000 bytes padded with
 * newlines to 1001.  It is replaced as a whole, so that nobody reads a mixture;
 * where that can't be done (no regular file, as /dev/null, or a directory that
 * we may not write to) it is written in place.
 */
#ifndef RLOG_STATUS_H
#define RLOG_STATUS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "rlog/failure.h"

enum { STATUS_SIZE = 1001 };

struct status {
	const char *name; /* as in the script */
	int directory;    /* where the file is, links resolved; -1: in place */
	int fd;           /* in place */
	char file[NAME_MAX + 1];
	char fresh[NAME_MAX + 5]; /* file.new */
	char text[STATUS_SIZE];
	bool pending; /* the text is not yet in the file */
	struct trouble trouble;
	struct failure failure;
};

/* Makes the file, if it isn't there.  0, or -1 and status->failure. */
int status_open(struct status *status, const char *name);
void status_close(struct status *status);

/* The line becomes the text, pending. */
void status_set(struct status *status, const char *line, size_t len);

/* Writes the text.  0, or -1 and status->failure. */
int status_write(struct status *status);

#endif
