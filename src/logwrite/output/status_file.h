/*
 * A status file: the last selected line, cut or padded with newlines to the
 * size of the file, or as long as it is.  It is replaced as a whole, so that
 * nobody reads a mixture; where that can't be done (no regular file, as
 * /dev/null, or a directory that we may not write to) it is written in place.
 */
#ifndef STATUS_FILE_H
#define STATUS_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "logwrite/output/log_output.h"
#include "logwrite/script.h"

struct status_file {
	struct log_output output; /* the first member */
	const char *name;         /* as in the script */
	int directory; /* where the file is, links resolved; -1: in place */
	int fd;        /* in place */
	char file[NAME_MAX + 1];
	size_t size;  /* of the file; 0: as the line needs it */
	char *text;   /* room for the size, or for SCRIPT_SHOWN */
	size_t len;   /* of the text */
	bool pending; /* the text is not yet in the file */
	struct trouble trouble;
	struct failure failure;
};

/*
 * Makes the file, if it isn't there, for texts of this size, 0: as the line
 * needs it.  0, or -1 and status->failure.
 */
int status_file_open(struct status_file *status, const char *name, size_t size);

/*
 * Opens the status file of an action, an output that gets the last selected
 * line.  Returns 0, or -1 with status->failure.
 */
int status_file_open_output(struct status_file *status,
			    const struct action *action, event_listener *tell);

/* Closes the file and frees the text, which is not written if it is pending. */
void status_file_close(struct status_file *status);

/* The line becomes the text, pending. */
void status_file_set(struct status_file *status, const char *line, size_t len);

/* Writes the text.  0, or -1 and status->failure. */
int status_file_write(struct status_file *status);

/*
 * Writes the text if it is pending, but not too soon after a failure; lowers
 * the deadline to when it has to be called again.  -1 and status->failure at
 * the first failure of an episode, else 0.
 */
int status_file_put(struct status_file *status, const struct tain_s *now,
		    struct tain_s *deadline);

#endif
