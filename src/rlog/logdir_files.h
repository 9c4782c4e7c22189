/*
 * Operations on the files of a log directory that recovery and rotation are
 * made of.  Each changes one name or mode, and can be repeated after a crash.
 * All return 0, or -1 with logdir->failure.
 */
#ifndef LOGDIR_FILES_H
#define LOGDIR_FILES_H

#include "rlog/logdir.h"

/* Removes the file, if it is there. */
int logdir_files_remove(struct logdir *logdir, const char *file);

/* Renames newstate, if it is there, to state. */
int logdir_files_adopt_state(struct logdir *logdir);

/* Sets these bits of the file's mode besides those of the script. */
int logdir_files_mark(struct logdir *logdir, const char *file, mode_t bits);

/* Has the file, if it is there, on the disk. */
int logdir_files_sync(struct logdir *logdir, const char *file);

/* With `F`, has the names of files on the disk. */
int logdir_files_sync_names(struct logdir *logdir);

/*
 * Renames the file, if it is there, to a new archive, whose name goes to name,
 * ARCHIVE_NAME bytes: archive_rename.
 */
int logdir_files_archive(struct logdir *logdir, const char *file,
			 enum archive_kind kind, const char *suffix,
			 char *name);

/*
 * Renames an archive that a processor has made to its final name, and stores
 * that in place of the old one: archive_finish.
 */
int logdir_files_finish(struct logdir *logdir, char *archive);

/*
 * Removes archives that are too many, too large or too old.  One that can't be
 * removed is told of once, and is no failure.
 */
void logdir_files_prune(struct logdir *logdir);

#endif
