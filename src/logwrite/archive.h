/*
 * The archives of a log directory, by their names (archive_name.h): making,
 * finding and removing them.  A new name is always larger than all the names of
 * archives that are there.  Other files are left alone.
 */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include <sys/types.h>

#include "logdir/archive_name.h"
#include "logwrite/script.h"

/*
 * Raises *newest to the largest label of an archive.  Returns 0, or -1 with
 * errno set.
 */
int archive_newest(int directory, struct tain_s *newest);

/*
 * Finds the oldest archive of this kind without a suffix, and stores its name,
 * ARCHIVE_NAME bytes.  Returns 1, 0 if there is none, or -1 with errno set.
 */
int archive_oldest(int directory, enum archive_kind kind, char *name);

/*
 * Returns 1 if an archive with a smaller name is the same file as this one, as
 * after a crash of a logger that links before it unlinks; every archive has a
 * smaller name than current and previous.  Returns 0 if there is none, or -1
 * with errno set.
 */
int archive_is(int directory, const char *file);

/*
 * Renames a file to a new archive of this kind, with a suffix that may be "".
 * Its label is the present time or, if that is not later, the next one after
 * *newest; it becomes *newest.  Returns 1, with the archive's name,
 * ARCHIVE_NAME bytes, in name.  Returns 0, with "" in name, if the file is not
 * there, or is an archive already (archive_is), and then loses this name.
 * Returns -1 with errno set if nothing was renamed.
 */
int archive_rename(int directory, const char *file, enum archive_kind kind,
		   const char *suffix, struct tain_s *newest, char *name);

/*
 * Renames an archive to @LABEL.s with this suffix, which may be "", and stores
 * the new name, ARCHIVE_NAME bytes, in name.  LABEL is the archive's own or, if
 * another archive has it too, the next one that no archive has; *newest is
 * raised to it.  Returns 0, also if the archive is not there, or -1 with errno
 * set.
 */
int archive_finish(int directory, char *name, const char *suffix,
		   struct tain_s *newest);

/*
 * Calls visit with the name of each archive of this kind without a suffix,
 * until it returns ARCHIVE_VISIT_FAILED.  It may rename and remove archives.
 * Returns 0 or ARCHIVE_VISIT_FAILED, as the last visit, or -1 with errno set if
 * the directory can't be read.
 */
enum { ARCHIVE_VISIT_FAILED = -2 };
int archive_walk(int directory, enum archive_kind kind,
		 int (*visit)(void *context, const char *name), void *context);

/*
 * Removes the archives that are older than settings->age, and then the oldest
 * ones until fewer than settings->number are left, with settings->total bytes
 * at most.  The age is counted from the label or, if that is in the future,
 * from the last change of the file.  An archive that can't be removed does not
 * count; the name of the first that is larger than stuck, ARCHIVE_NAME bytes,
 * is stored there.  Returns 0, or -1 with errno set if one could not be removed
 * or the directory can't be read.
 */
int archive_prune(int directory, const struct settings *settings, char *stuck);

/*
 * Removes the oldest archive that can be removed, if there are more than keep.
 * Returns 1, 0 if none was removed, or -1 with errno set.
 */
int archive_remove(int directory, unsigned long keep);

#endif
