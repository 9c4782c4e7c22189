/*
 * The names of archives: "@LABEL.s" or "@LABEL.u", and perhaps a suffix, such
 * as ".gz".  LABEL is 24 lower-case hexadecimal digits (label.h).  A suffix
 * begins with a dot and goes on with letters, digits, dots, "_" and "-" of
 * ASCII; it has at most ARCHIVE_SUFFIX bytes.  No other name is an archive's.
 *
 * As texts, names sort by their labels, which is by age.
 */
#ifndef ARCHIVE_NAME_H
#define ARCHIVE_NAME_H

#include <stdbool.h>

#include "base/label.h"

enum archive_kind {
	ARCHIVE_FINISHED = 's',   /* complete, and processed if that was due */
	ARCHIVE_UNFINISHED = 'u', /* of a crash, or not yet processed */
	/* svlogd's processor is writing it.  It is no archive: a name of this
	 * kind can be formatted, and is not parsed. */
	ARCHIVE_PARTIAL = 't'
};

enum {
	ARCHIVE_NAME = 64, /* longest, with its NUL */
	ARCHIVE_SUFFIX =
	    ARCHIVE_NAME - LABEL_LEN - 3 /* longest, with its dot */
};

struct archive_name {
	struct tain_s label; /* when it was ended */
	enum archive_kind kind;
	char suffix[ARCHIVE_SUFFIX + 1]; /* with its dot, or "" */
};

/* True if the text is the name of an archive, which goes to *name. */
bool archive_name_parse(struct archive_name *name, const char *text);

/* Writes the name, and a NUL, to text, which has ARCHIVE_NAME bytes. */
void archive_name_format(char *text, const struct archive_name *name);

/* True if an archive's name may end with this suffix, which may be "". */
bool archive_name_is_suffix(const char *suffix);

/*
 * Writes the name with the label of the archive called text, of another kind
 * and without a suffix, to twin, which has ARCHIVE_NAME bytes.
 */
void archive_name_twin(char *twin, const char *text, enum archive_kind kind);

/* Compares the labels of two archives' names; returns as strcmp does. */
int archive_name_compare_label(const char *a, const char *b);

/* Compares the labels and kinds of two archives' names, as strcmp does. */
int archive_name_compare_stem(const char *a, const char *b);

/*
 * Compares two archives' names as strcmp does: an older one is less, of one
 * label .s is less than .u, of one kind the shortest is least.
 */
int archive_name_compare(const char *a, const char *b);

/* Returns the kind in the text of an archive's name. */
enum archive_kind archive_name_kind(const char *text);

#endif
