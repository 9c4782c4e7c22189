/*
 * Archives: the finished files of a log directory.  @LABEL.s is safely
 * finished, @LABEL.u was found after a crash.  Their names sort by age, and a
 * new name is always larger than all the names that are there.
 */
#ifndef RLOG_ARCHIVE_H
#define RLOG_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include <skalibs/tai.h>

#include <sys/types.h>

#include "label.h"

enum { ARCHIVE_NAME = LABEL_LEN + 3, ARCHIVE_LONGEST = 256 };

/* *newest = the largest label of a name.  0, or -1 and errno. */
int archive_newest(int directory, struct tain_s *newest);

/* The name of a label with the suffix 's' or 'u'. */
void archive_name(char *name, const struct tain_s *label, char suffix);

/*
 * The oldest archive whose suffix is `suffix`: 1 and its name, 0 if there is
 * none, -1 and errno.  name has ARCHIVE_NAME bytes.
 */
int archive_oldest(int directory, char suffix, char *name);

/*
 * Links file under a new name with the suffix, if it is there and no archive
 * is the same file already (as after a crash between linking and unlinking).
 * The label is now or, if that is not later, the next one after *newest; it
 * becomes *newest.  0, or -1 and errno.
 */
int archive_link(int directory, const char *file, char suffix,
		 struct tain_s *newest);

/*
 * Removes the oldest archives until fewer than number are left.  Archives
 * that can't be removed don't count; of those whose names are larger than
 * `stuck` the first is copied there (ARCHIVE_LONGEST bytes), and the answer is
 * -1 with errno; otherwise 0.
 */
int archive_prune(int directory, unsigned long number, char *stuck);

/*
 * Removes the oldest archive that can be removed, if more than keep are there.
 * 1, 0 if none was removed, or -1 and errno.
 */
int archive_remove(int directory, unsigned long keep);

#endif
