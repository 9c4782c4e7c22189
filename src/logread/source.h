/*
 * The lines of log directories as one stream: what rlog, multilog, s6-log and
 * svlogd leave, archives first, oldest first, then what is still written;
 * several directories merged by label; lines in a window of time only; from a
 * remembered position on; and on and on, over rotations, when followed.
 *
 * What the window means: of the lines with a label all whose label is in it,
 * both ends included; a line without a label goes with the line before it.
 * Files are chosen, and begun in their middle, as if the clock had never been
 * set back by more than SOURCE_SLACK seconds within a file; what was set back
 * between files, or by less, is found.
 *
 * Nothing is written to a directory, and no link in one is followed.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "logread/time_expression.h"

enum {
	SOURCE_SLACK = 60,      /* seconds */
	SOURCE_PIECE = 1 << 18, /* longer lines come in pieces */
	SOURCE_NAME = 256,      /* bytes of the name of a file, with its NUL */
	SOURCE_DIRECTORIES = 512,
};

/* What happened that somebody should be told of. */
enum source_event {
	/* Lines between last and next are missing: files were removed. */
	SOURCE_MISSING,
	SOURCE_UNREADABLE, /* this file was left out: verb, error, reason */
	SOURCE_GONE,       /* the directory is gone; it is waited for */
	SOURCE_BACK,       /* and has come back */
	SOURCE_LOST_PLACE, /* what the cursor remembers was not found */
	SOURCE_KIND,       /* kind is what labels it holds; for -v */
	SOURCE_POLLING,    /* no inotify: looked at now and then; for -v */
};

struct source_notice {
	enum source_event event;
	const char *directory;
	const char *file;    /* in the directory, or "" */
	const char *verb;    /* "open", "read", "unpack", "run" */
	const char *program; /* that unpacks the file, or NULL */
	int error;
	bool labelled; /* last and next are known */
	struct tain_s last, next;
	enum label_kind kind;
};

struct source_options {
	const char *const *directories; /* or files; none: descriptor 0 */
	size_t count;
	bool follow;
	bool tailed; /* only the last `lines` lines */
	uint64_t lines;
	uint64_t skip; /* so many lines are left out first */
	const struct time_expression *since, *until; /* NULL: no bound */
	enum label_kind labels;
	const char *cursor; /* a file that holds a position, or NULL */
	void (*tell)(void *ctx, const struct source_notice *notice);
	/*
	 * Called before descriptor 0, or a pipe, is waited for; if it returns
	 * -1 that ends at once, with EINTR.
	 */
	int (*idle)(void *ctx);
	void *ctx;
};

/* A line, or a piece of one that is too long or cut by the end of a file. */
struct source_line {
	const char *text; /* without its newline; good until the next call */
	size_t len;
	bool begins;          /* the first piece of its line */
	bool ends;            /* a newline follows it */
	bool labelled;        /* begins with a label: */
	struct tain_s label;  /* as it stands there */
	enum label_kind kind; /* of all labels in its directory */
	const char *directory;
};

struct source;

/*
 * Opens them all.  NULL and errno if it can't; *bad is then the directory or
 * file that was the trouble (ENOENT for a directory: it holds no log), the
 * cursor (EINVAL: it is no cursor), or NULL.  Strings and times in options
 * must stay.
 */
struct source *source_open(const struct source_options *options,
			   const char **bad);

/* 1 and the next line; 0 if there is none, for now when following; -1. */
int source_next(struct source *s, struct source_line *line);

/*
 * The same for whoever needs no labels: as many whole lines as there are in
 * `most` bytes as one text with its newlines in it, or what was cut.  `begins`
 * is about its first line.  Where lines have to be looked at, because there are
 * several directories or a window, it gives one line: `ends` then says that a
 * newline follows.
 */
int source_block(struct source *s, struct source_line *block, size_t most);

/*
 * When following, and there is nothing more for now: *fd becomes readable when
 * there may be more, if it is not -1; look again after so many milliseconds in
 * any case (the answer).
 */
int source_wait(struct source *s, int *fd);

/* Call this when *fd was readable or the time is over. */
void source_woken(struct source *s);

/*
 * Positions.  A line is done with when the next is asked for.  source_mark
 * remembers what is done with, or with `all` also the line that was given
 * last; source_save writes what was last marked to the cursor file, if there
 * is one: to a new file, synced, and renamed.  0, or -1 and errno.
 */
void source_mark(struct source *s, bool all);
int source_save(struct source *s);

/* True if a file or a directory could not be read to its end. */
bool source_failed(const struct source *s);

void source_close(struct source *s);

#endif
