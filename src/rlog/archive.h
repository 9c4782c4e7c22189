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
#include "rlog/script.h"

/* *newest = the largest label of a name.  0, or -1 and errno. */
int archive_newest(int directory, struct tain_s *newest);

/*
 * Finds the oldest archive of this kind without a suffix.  Returns 1 and its
 * name, which has ARCHIVE_NAME bytes, 0 if there is none, or -1 with errno.
 */
int archive_oldest(int directory, enum archive_kind kind, char *name);

/*
 * 1 if an archive is the same file as this one, and has a smaller name, as all
 * have that stand beside `current` and `previous`.  0 if none is, -1 and errno.
 */
int archive_is(int directory, const char *file);

/*
 * Renames file to a new archive of the kind, with the suffix, which may be "":
 * 1 and the archive's name, of ARCHIVE_NAME bytes.  0 and "" if the file is not
 * there or, as after a crash of a logger that links and then unlinks, an
 * archive is the same file: then the file's own name is removed.  -1 and errno
 * if nothing was renamed.  The label is now or, if that is not later, the next
 * one after *newest; it becomes *newest.
 */
int archive_rename(int directory, const char *file, enum archive_kind kind,
		   const char *suffix, struct tain_s *newest, char *name);

/*
 * Names an archive @LABEL.s with this suffix, which may be "": under its own
 * label or, if another archive has that too, under the next one that none has.
 * name, ARCHIVE_NAME bytes, is the archive's, and then the new one.  *newest is
 * raised to the label.  0, also if the archive is not there, or -1 and errno.
 */
int archive_finish(int directory, char *name, const char *suffix,
		   struct tain_s *newest);

/*
 * Calls visit with the name of each archive of this kind without a suffix,
 * until one answers less than 0.  It may rename and remove archives.  0; what
 * visit answered last; or -1 and errno, if the directory can't be read.
 */
int archive_walk(int directory, enum archive_kind kind,
		 int (*visit)(void *context, const char *name), void *context);

/*
 * Removes archives that are older than settings->age by their labels (one from
 * the future, from before the clock was set back: by the time of its last
 * change), and the oldest until fewer than ->number are left, and of these no
 * more than ->total bytes.  Archives that can't be removed don't count; of
 * those whose names are larger than `stuck` the first is copied there
 * (ARCHIVE_NAME bytes), and the answer is -1 with errno; otherwise 0.
 */
int archive_prune(int directory, const struct settings *settings, char *stuck);

/*
 * Removes the oldest archive that can be removed, if more than keep are there.
 * 1, 0 if none was removed, or -1 and errno.
 */
int archive_remove(int directory, unsigned long keep);

#endif
