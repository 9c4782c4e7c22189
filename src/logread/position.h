/*
 * Positions in logs, and the file that keeps them between two runs.
 *
 * A position is an offset in a file.  Names of files change, labels repeat in
 * logs of multilog, and inode numbers are used again: so the file is known by
 * its first bytes, which hold its first label, and by those before the offset.
 */
#ifndef POSITION_H
#define POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/label.h"

enum {
	POSITION_HEAD = 256, /* first bytes of a file that count, at most */
	POSITION_TAIL = 64,  /* bytes before the offset that count, at most */
	POSITION_TEXT = 96,  /* room for the text of a position, with its NUL */
};

/* Its members are for position.c; others read offset, labelled and last. */
struct position {
	uint64_t offset;
	uint64_t head, tail; /* hashes of bytes before the offset */
	bool labelled;
	struct tain_s last; /* label of the last line before it, if labelled */
};

/* The position of one directory in a position file. */
struct position_entry {
	const char *directory;
	bool known; /* position is valid */
	struct position position;
};

/* Returns how many of `most` bytes lie before the offset. */
size_t position_length(uint64_t offset, size_t most);

/*
 * Makes the position at offset of a file.  `head` are the first bytes of the
 * file and `end` is the end of the bytes before the offset: as many of both as
 * position_length says.  `last` is the label of the last line before the
 * offset, or NULL.
 */
void position_set(struct position *position, uint64_t offset, const char *head,
		  const char *end, const struct tain_s *last);

/* True if a file that begins with `head` can be the file of the position. */
bool position_has_head(const struct position *position, const char *head);

/* True if two positions at the same offset are positions in the same file. */
bool position_is_same(const struct position *position,
		      const struct position *other);

/*
 * Writes a position as the text HEAD TAIL OFFSET LABEL: two hashes of 16
 * hexadecimal digits, a decimal number, and a label or "-".  Returns the length
 * of the text.
 */
size_t position_format(char text[POSITION_TEXT],
		       const struct position *position);

/*
 * Parses such a text, which a stranger may have written.  Returns false if
 * position_format writes no such text.
 */
bool position_parse(struct position *position, const char *text);

/*
 * Fills in the positions of those entries whose directory is in the position
 * file.  Returns 0, also if there is no such file; or -1 with errno set, EINVAL
 * if it is another kind of file.
 */
int position_load(const char *file, struct position_entry *entries, size_t n);

/*
 * Writes the known positions to a new file beside the position file, syncs it,
 * renames it, and syncs the directory.  Returns 0, or -1 with errno set: the
 * old file is then still there.
 */
int position_save(const char *file, const struct position_entry *entries,
		  size_t n);

/*
 * position_stage, position_commit and position_recover save positions together
 * with a file of the caller's: the caller stages the positions, saves its file
 * with the hash of the positions in it, and commits.  A run that begins with
 * position_recover, with the hash of that file, finds the positions that belong
 * to it, wherever the run before was killed.
 *
 * Stages positions: they are in FILE.next, synced, and the file is as it was.
 * Returns as position_save does.
 */
int position_stage(const char *file, const struct position_entry *entries,
		   size_t n, uint64_t *hash);

/* Makes staged positions those of the file.  Returns 0, or -1 with errno. */
int position_commit(const char *file);

/*
 * Commits positions that were staged if they have this hash.  Returns 0, also
 * if there are none, or -1 with errno.
 */
int position_recover(const char *file, uint64_t hash);

#endif
