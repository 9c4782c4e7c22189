/*
 * The file that remembers places, one for each directory:
 *
 *   rlog cursor 1
 *   HEAD TAIL OFFSET LABEL DIRECTORY
 *
 * HEAD and TAIL are hashes in hexadecimal, LABEL is that of the last line in
 * front of the place, or "-"; control bytes and backslashes in DIRECTORY are
 * escaped as in records.5.
 */
#ifndef POSITION_FILE_H
#define POSITION_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "logread/position.h"

struct position_file_entry {
	const char *directory;
	bool known; /* place is valid */
	struct position place;
};

/*
 * Fills in the places of those entries that the file remembers.  0, also if
 * there is no such file; -1 and errno, EINVAL if it is no cursor.
 */
int position_file_load(const char *file, struct position_file_entry *entries,
		       size_t n);

/*
 * Writes the known ones to a new file beside it, syncs it, renames it, and
 * syncs the directory.  0, or -1 and errno; the old file is then still there.
 */
int position_file_save(const char *file,
		       const struct position_file_entry *entries, size_t n);

#endif
