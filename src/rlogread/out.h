/*
 * Standard output: gathers whole lines, writes them together, and tells when
 * lines are out, so that a position can be remembered that is not before the
 * truth and not behind it.
 */
#ifndef OUT_H
#define OUT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	OUT_LARGE = 1 << 16, /* bytes of one write */
	OUT_SMALL = 4096,    /* to a pipe this is written whole or not at all */
};

struct out {
	int fd;
	size_t unit;       /* bytes of one write */
	bool exact;        /* signals may come; see out_init */
	bool open;         /* the last byte that was put is no newline */
	bool torn;         /* a part of the first line in buf was written */
	size_t whole, len; /* of whole lines, and of all, in buf */
	const volatile sig_atomic_t *stop;
	const sigset_t *waiting; /* the signal mask to wait with */
	/*
	 * Lines are written: all that were put, or all but the one that is
	 * being put.  Result: 0, or -1 and errno, which ends what was going on.
	 */
	int (*written)(void *ctx, bool all);
	void *ctx;
	char buf[2 * OUT_LARGE];
};

/*
 * For a position, which matters with `exact`, no line is ever torn by a signal:
 * signals are blocked but for `waiting`, set *stop, and end a wait.
 */
void out_init(struct out *o, int fd, bool exact);

/* All that follow: 0, or -1 and errno; EINTR if *stop is set. */

/* Bytes of a line, and its end, with a newline or without. */
int out_put(struct out *o, const char *text, size_t len);
int out_end(struct out *o, bool newline);

/* Whole lines that are not copied; ends: with a newline. */
int out_block(struct out *o, const char *text, size_t len, bool ends);

/* Writes all that was put. */
int out_flush(struct out *o);

#endif
