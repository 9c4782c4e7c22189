/*
 * A log directory: the files in it.  Lines are appended to `current`; the
 * archives (archive.h), `lock`, `state` and, while a processor runs,
 * `processing` and `nextstate` are beside it.  All files are reached through
 * the descriptor of the directory, and never through a link.  The mode of
 * `current` has u+x if it was ended cleanly.
 *
 * Opening takes the lock.  recover.h puts in order what a crash has left, and
 * output/directory.h rotates current, both by the operations at the end of this
 * page: each changes one name or mode, and can be repeated after a crash.  A
 * file that is missing is no failure of theirs: somebody who removes one by
 * hand must not stop the log.
 */
#ifndef LOGDIR_H
#define LOGDIR_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include <sys/types.h>

#include "logwrite/archive.h"
#include "logwrite/batch_part.h"
#include "logwrite/event.h"
#include "logwrite/fingerprint.h"
#include "logwrite/ring.h"
#include "logwrite/script.h"

enum { LOGDIR_ROOM_PAUSE = 60 }; /* seconds, between two EVENT_DISK_FULL */

struct logdir {
	const char *name; /* as in the script */
	struct settings settings;
	event_listener *tell;
	struct logdir *first; /* of the script, for a full disk */
	struct logdir *next;  /* of the script, or NULL */
	int fd;
	int lock;
	int current;
	uint64_t device;
	uint64_t directory;       /* inode of the directory */
	uint64_t inode;           /* of current */
	uint64_t bytes;           /* in current */
	uint64_t base;            /* in current before the batch */
	uint64_t synced;          /* bytes of current that were synced */
	struct fingerprint print; /* of current */
	off_t torn;               /* bytes that were cut off a torn current */
	bool strange;             /* a batch was begun for another current */
	bool kept;                /* the intake vouches for current */
	bool again;               /* the batch has to be cut off and repeated */
	bool unsure;              /* a sync has failed */
	bool unsynced;        /* there may be bytes that are not on the disk */
	struct tain_s newest; /* label of the last archive */
	char stuck[ARCHIVE_NAME]; /* the last archive of EVENT_ARCHIVE_STUCK */
	struct tain_s sync_at;    /* time of the next sync */
	struct tain_s room_said;  /* EVENT_DISK_FULL is not told before */
	struct trouble appending;
	struct failure failure;    /* of the last function that failed */
	char failed[ARCHIVE_NAME]; /* its file */
};

/*
 * Makes, opens and locks the directory.  Returns 0, or -1 with logdir->failure
 * and nothing left open.
 */
int logdir_open(struct logdir *logdir, const char *name,
		const struct settings *settings, event_listener *tell);

/* Tells the listener of an event of this directory's current. */
void logdir_tell(const struct logdir *logdir, enum event_kind kind);

/*
 * Records in the trouble whether an operation on the directory has failed, with
 * logdir->failure.  Tells the listener of the first failure of an episode, and
 * of the success after it.
 */
void logdir_report(const struct logdir *logdir, struct trouble *trouble,
		   bool failed, const struct tain_s *now);

/*
 * Sets logdir->failure from errno: the verb, and a copy of the name of the
 * file, which may be "".  Returns -1.
 */
int logdir_fail(struct logdir *logdir, const char *verb, const char *file);

/*
 * Links the directories of a script: the first one, and the one after this, or
 * NULL.  On a full disk all of them make room for this one; without this call
 * only the directory does.
 */
void logdir_link(struct logdir *logdir, struct logdir *first,
		 struct logdir *next);

/* Notes that a batch begins: current is cut back to its size now if the batch
 * has to be repeated. */
void logdir_begin(struct logdir *logdir);

/*
 * Looks for the current that the ring knows, with all of the last batch or, if
 * partly, with any part of it.  If partly, cuts the batch off, which will be
 * appended again, and finds the file also as a .u that another logger has made
 * of it since.  Returns 1 if current is the file, LOGDIR_ARCHIVED if a .u is, 0
 * if there is none, or -1 with logdir->failure.
 */
enum { LOGDIR_ARCHIVED = 2 };
int logdir_cut(struct logdir *logdir, const struct ring_file *file,
	       bool partly);

/*
 * After the machine went down: cuts off the torn end of a current that was not
 * ended cleanly, as file_repair_cut.  Sets logdir->torn to the bytes.  Returns
 * 0, or -1 with logdir->failure.
 */
int logdir_trim(struct logdir *logdir, bool midline);

/*
 * Describes current, and the vectors that will be appended to it, for a later
 * logdir_cut.
 */
void logdir_know(const struct logdir *logdir, const struct batch_part *part,
		 struct ring_file *file);

/* Notes that the vectors of the batch were appended. */
void logdir_done(struct logdir *logdir, const struct batch_part *part);

/*
 * Appends the rest of the vectors, and syncs them if the script says so.
 * Returns true if all is done; otherwise lowers the deadline to the next try.
 */
bool logdir_append(struct logdir *logdir, struct batch_part *part,
		   const struct tain_s *now, struct tain_s *deadline);

/*
 * If this errno tells of a full disk, and archives may be removed for it,
 * removes the oldest of the directory, or else of another one on that disk.
 * Returns true if it removed one.
 */
bool logdir_make_room(struct logdir *logdir, int error,
		      const struct tain_s *now);

/* Syncs current if it is time; lowers the deadline to the next sync. */
void logdir_sync(struct logdir *logdir, const struct tain_s *now,
		 struct tain_s *deadline);

/* Returns true if the batch could not be appended or synced. */
bool logdir_blocks(const struct logdir *logdir);

/*
 * Syncs current, marks it as cleanly ended, and closes the directory.  Returns
 * 0, or -1 with logdir->failure.
 */
int logdir_close(struct logdir *logdir);

/* Closes the directory without a change to its files, as a crash does. */
void logdir_abandon(struct logdir *logdir);

/*
 * Has all of current on the disk by fsync or fdatasync.  After a failed sync
 * the bytes that were not synced before are written once more.  Returns 0, or
 * -1 with logdir->failure.
 */
int logdir_sync_current(struct logdir *logdir, int (*sync)(int fd));

/*
 * Opens current, or makes it, and takes its size and fingerprint.  Returns 0,
 * or -1 with logdir->failure.
 */
int logdir_open_current(struct logdir *logdir);

/*
 * Returns true if the log ends within a line: current or, where it is empty,
 * the newest archive.  An archive that a processor has made says nothing, nor
 * does any .s if the script has a processor: another logger sets no mark.
 */
bool logdir_is_torn(const struct logdir *logdir);

/* These return 0, or -1 with logdir->failure. */

/* Finds the newest archive, after which all new ones are named. */
int logdir_find_newest(struct logdir *logdir);

/* Removes the file. */
int logdir_remove(struct logdir *logdir, const char *file);

/* Renames the file to state; one that is not there leaves it as it is. */
int logdir_adopt_state(struct logdir *logdir, const char *file);

/* Sets these bits of the file's mode besides those of the script. */
int logdir_mark(struct logdir *logdir, const char *file, mode_t bits);

/* Sets LAYOUT_ENDED in the mode of current, all of which is on the disk. */
int logdir_mark_current(struct logdir *logdir);

/* Has the file on the disk. */
int logdir_sync_file(struct logdir *logdir, const char *file);

/* With `F`, has the names of files on the disk. */
int logdir_sync_names(struct logdir *logdir);

/*
 * Renames the file to a new archive, whose name goes to name, ARCHIVE_NAME
 * bytes: archive_rename.
 */
int logdir_archive(struct logdir *logdir, const char *file,
		   enum archive_kind kind, const char *suffix, char *name);

/*
 * Renames an archive that a processor has made to its final name, and stores
 * that in place of the old one: archive_finish.
 */
int logdir_finish(struct logdir *logdir, char *archive);

/*
 * Removes archives that are too many, too large or too old.  One that can't be
 * removed is told of once, and is no failure.
 */
void logdir_prune(struct logdir *logdir);

#endif
