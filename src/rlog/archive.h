/*
 * Archives: the finished files of a log directory.  @LABEL.s is safely
 * finished, @LABEL.u was found after a crash.  More may follow the s, such as
 * .zst: a suffix is all that stands behind the first dot.  Their names sort by
 * age, and a new name is always larger than all the names that are there.
 */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include <sys/types.h>

#include "base/label.h"
#include "rlog/script.h"

enum {
	ARCHIVE_SUFFIX = SCRIPT_SUFFIX + 2,
	ARCHIVE_NAME = LABEL_LEN + 1 + ARCHIVE_SUFFIX,
	ARCHIVE_LONGEST = 256,
	/* Mode of a .u that a processor has made: it has still to become a .s.
	 * With u+x it would be one that is complete and not yet processed. */
	ARCHIVE_PROCESSED = 0010
};

/* *newest = the largest label of a name.  0, or -1 and errno. */
int archive_newest(int directory, struct tain_s *newest);

/* The name, ARCHIVE_NAME bytes, of a label with the suffix. */
void archive_name(char *name, const struct tain_s *label, const char *suffix);

/*
 * The oldest archive that has exactly this suffix: 1 and its name, 0 if there
 * is none, -1 and errno.  name has ARCHIVE_NAME bytes.
 */
int archive_oldest(int directory, const char *suffix, char *name);

/*
 * 1 if an archive is the same file as this one, and has a smaller name, as all
 * have that stand beside `current` and `previous`.  0 if none is, -1 and errno.
 */
int archive_is(int directory, const char *file);

/*
 * Renames file to a new archive with the suffix: 1 and the archive's name, of
 * ARCHIVE_NAME bytes.  0 and "" if the file is not there or, as after a crash
 * of a logger that links and then unlinks, an archive is the same file: then
 * the file's own name is removed.  -1 and errno if nothing was renamed.  The
 * label is now or, if that is not later, the next one after *newest; it becomes
 * *newest.
 */
int archive_rename(int directory, const char *file, const char *suffix,
		   struct tain_s *newest, char *name);

/*
 * Gives an archive another suffix, under its own label or, if another archive
 * has that too, under the next one that none has.  name, ARCHIVE_NAME bytes, is
 * the archive's, and then the new one.  *newest is raised to the label.  0,
 * also if the archive is not there, or -1 and errno.
 */
int archive_finish(int directory, char *name, const char *suffix,
		   struct tain_s *newest);

/*
 * Calls visit with the name of each archive that has exactly this suffix, until
 * one answers less than 0.  It may rename and remove archives.  0; what visit
 * answered last; or -1 and errno, if the directory can't be read.
 */
int archive_walk(int directory, const char *suffix,
		 int (*visit)(void *context, const char *name), void *context);

/*
 * Removes archives that are older than settings->age by their labels (one from
 * the future, from before the clock was set back: by the time of its last
 * change), and the oldest until fewer than ->number are left, and of these no
 * more than ->total bytes.  Archives that can't be removed don't count; of
 * those whose names are larger than `stuck` the first is copied there
 * (ARCHIVE_LONGEST bytes), and the answer is -1 with errno; otherwise 0.
 */
int archive_prune(int directory, const struct settings *settings, char *stuck);

/*
 * Removes the oldest archive that can be removed, if more than keep are there.
 * 1, 0 if none was removed, or -1 and errno.
 */
int archive_remove(int directory, unsigned long keep);

#endif
