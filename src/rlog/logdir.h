/*
 * A log directory.  Lines are appended to `current`; the archives (archive.h),
 * `lock`, `state` and, while a processor runs, `processed` and `newstate` are
 * beside it.  All files are reached through the descriptor of the directory,
 * and never through a link.  The mode of `current` has u+x if it was ended
 * cleanly.
 *
 * Opening takes the lock.  recover.h puts in order what a crash has left.
 */
#ifndef LOGDIR_H
#define LOGDIR_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include <sys/types.h>

#include "rlog/archive.h"
#include "rlog/batch_part.h"
#include "rlog/event.h"
#include "rlog/fingerprint.h"
#include "rlog/output/log_output.h"
#include "rlog/processor.h"
#include "rlog/ring.h"
#include "rlog/script.h"

struct logdir;
struct step;

enum { LOGDIR_ROOM_PAUSE = 60 }; /* seconds, between two EVENT_DISK_FULL */

struct logdir {
	struct log_output output; /* the first member: output/directory.c */
	const char *name;         /* as in the script */
	struct settings settings;
	event_listener *tell;
	struct logdir *others; /* of the script, for a full disk */
	unsigned int others_n;
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
	bool kept;                /* current is continued, clean or not */
	bool again;               /* the batch has to be cut off and repeated */
	bool unsure;              /* a sync has failed */
	bool unsynced;        /* there may be bytes that are not on the disk */
	struct tain_s newest; /* label of the last archive */
	struct tain_s now;    /* of the turn, by the stopwatch */

	bool due;                /* current has to be rotated */
	bool leftovers;          /* there may be .u files of a crash */
	const struct step *step; /* the next one, NULL: none is under way */
	bool saved;    /* the steps under way make a .u for the processor */
	bool leftover; /* archive is a .u of a crash */
	char archive[ARCHIVE_NAME]; /* the .u that is processed, "" */
	char stuck[ARCHIVE_NAME]; /* the last archive of EVENT_ARCHIVE_STUCK */
	struct processor processor;

	struct tain_s sync_at;   /* time of the next sync */
	struct tain_s room_said; /* EVENT_DISK_FULL is not told before */
	struct trouble appending;
	struct trouble rotating;
	struct failure failure; /* of the last function that failed */
	long seconds;           /* of the last trouble */
};

/*
 * Makes, opens and locks the directory.  Returns 0, or -1 with logdir->failure
 * and nothing left open.
 */
int logdir_open(struct logdir *logdir, const char *name,
		const struct settings *settings, event_listener *tell);

/* Tells the listener of an event of this directory. */
void logdir_tell(const struct logdir *logdir, enum event_kind kind);

/*
 * The directories of the same script, which may include this one.  On a full
 * disk they make room for it; without this call only the directory does.
 */
void logdir_set_others(struct logdir *logdir, struct logdir *others,
		       unsigned int n);

/* Marks current as due for rotation. */
void logdir_mark_due(struct logdir *logdir);

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

/* Returns true if no batch can be written to the directory, or begun, now. */
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

/* Notes that archives of a crash may have to be processed. */
void logdir_expect_leftovers(struct logdir *logdir);

#endif
