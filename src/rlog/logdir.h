/*
 * A log directory: its files are `current`, which lines are appended to, the
 * archives (archive.h), `lock`, `state`, and while a processor runs `processed`
 * and `newstate`.  All are reached through the directory's
 * descriptor and never through a link.  The mode of `current` tells how it was
 * left: 0644 while it is written, with u+x when it was ended cleanly.
 *
 * Opening takes the lock.  Starting recovers from whatever state a crash, of
 * multilog, s6-log or svlogd too, has left: no byte lost, none doubled.
 */
#ifndef LOGDIR_H
#define LOGDIR_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include <sys/types.h>

#include "rlog/archive.h"
#include "rlog/event.h"
#include "rlog/fingerprint.h"
#include "rlog/iovec_list.h"
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
	struct logdir *others; /* open: they make room for it; set by the... */
	unsigned int others_n; /* ...caller, 0: none; it may be among them */
	int fd;
	int lock;
	int current;
	uint64_t device;
	uint64_t directory;       /* inode of the directory, */
	uint64_t inode;           /* and of current */
	uint64_t bytes;           /* in current */
	uint64_t base;            /* of these, before the batch */
	struct fingerprint print; /* of current */
	off_t torn;      /* bytes of current that the machine's end has torn */
	bool strange;    /* a batch was begun for another current */
	bool kept;       /* current is gone on with, clean or not */
	bool again;      /* the batch has to be cut off and appended again */
	bool unsure;     /* a sync has failed since... */
	uint64_t synced; /* ...these bytes of current were synced */
	bool unsynced;   /* there may be bytes that are not on the disk */
	struct tain_s newest; /* label of the last archive */
	struct tain_s now;    /* of the turn, by the stopwatch */

	bool due;                /* for rotation */
	bool leftovers;          /* there may be .u files to be processed */
	const struct step *step; /* the next one of what is under way, NULL */
	bool saved;    /* that was the making of a .u, to be processed next */
	bool leftover; /* the .u that is processed was left by a crash */
	char archive[ARCHIVE_NAME]; /* the .u that is processed, "" */
	char stuck[ARCHIVE_NAME];   /* the last one complained about */
	struct processor processor;

	struct tain_s sync_at;   /* when what is written is to be synced */
	struct tain_s room_said; /* EVENT_DISK_FULL is not told before */
	struct trouble appending;
	struct trouble rotating;
	struct failure failure;
	long seconds;
};

/* Opens and locks it.  0, or -1 with logdir->failure set and nothing left open.
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

/* A batch begins: current is cut back to here if it has to be repeated. */
void logdir_begin(struct logdir *logdir);

/*
 * If current, which need not be open, is this file, with all of the last batch
 * or, if partly, any part of it, returns 1.  If partly, it may also be a .u
 * that another logger has made of current since: LOGDIR_ARCHIVED.  Then, if
 * partly, the batch is cut off, which will be appended again.  Returns 0 if
 * there is no such file: then all stays as it is; or -1 with logdir->failure.
 */
enum { LOGDIR_ARCHIVED = 2 };
int logdir_cut(struct logdir *logdir, const struct ring_file *file,
	       bool partly);

/*
 * After the machine went down: cuts off the end of a current that was not ended
 * cleanly, from after its last newline on or, midline, the NULs there;
 * logdir->torn bytes.  0, or -1 with logdir->failure.
 */
int logdir_trim(struct logdir *logdir, bool midline);

/* Stores what current is, for logdir_cut, before the vectors are appended. */
void logdir_know(const struct logdir *logdir, const struct iovec_list *iovecs,
		 struct ring_file *file);

/* All of the batch was appended: logdir_know may be called for the next one. */
void logdir_done(struct logdir *logdir, const struct iovec_list *iovecs);

/*
 * Appends what of the vectors is not yet written, and syncs it if it has to be:
 * true if now all is, false if it has to be called again at the deadline, which
 * it lowers.
 */
bool logdir_append(struct logdir *logdir, struct iovec_list *iovecs,
		   const struct tain_s *now, struct tain_s *deadline);

/*
 * If this errno tells of a full disk, and archives may be removed for it,
 * removes the oldest of the directory, or else of another one on that disk.
 * Returns true if it removed one.
 */
bool logdir_make_room(struct logdir *logdir, int error,
		      const struct tain_s *now);

/* Syncs current if it is time for it, and lowers the deadline to when it is. */
void logdir_sync(struct logdir *logdir, const struct tain_s *now,
		 struct tain_s *deadline);

/* True if no batch can be written, or begun, for this directory now. */
bool logdir_blocks(const struct logdir *logdir);

/* Current is synced and marked as cleanly ended.  0, or -1 and logdir->failure.
 */
int logdir_close(struct logdir *logdir);

/* Leaves all as it is, as a crash does. */
void logdir_abandon(struct logdir *logdir);

/*
 * Has all of current on the disk, by fsync or fdatasync.  After a failed sync
 * what was not synced before is written once more.  0, or -1 with
 * logdir->failure.
 */
int logdir_sync_current(struct logdir *logdir, int (*sync)(int fd));

/* For recovery and rotation: make current, its size goes to logdir->bytes. */
int logdir_open_current(struct logdir *logdir);

/*
 * Returns true if the log ends within a line: current or, where it is empty,
 * the newest archive.  An archive that a processor may have made says nothing.
 */
bool logdir_is_torn(const struct logdir *logdir);

/* Notes that archives of a crash may have to be processed. */
void logdir_expect_leftovers(struct logdir *logdir);

#endif
