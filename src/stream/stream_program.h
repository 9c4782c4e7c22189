/*
 * The main of a program that sends to a stream or takes from one, as far as
 * these programs agree: the options that they share, wrong use, keys, signals,
 * readiness, and what is due every second, every ten, and every day.
 *
 * Like a main, and unlike other modules, it prints messages with PROG, which
 * the program defines, and exits: 100 for wrong use, 111 for trouble.
 */
#ifndef STREAM_PROGRAM_H
#define STREAM_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream/stream_keys.h"

enum { STREAM_PATIENCE = 5000 }; /* ms for an answer of the server */

/* The options that all of these programs have, and a problem of any option. */
struct stream_options {
	bool once;                   /* -1 */
	bool verbose;                /* -v */
	const char *cursor, *status; /* -c, -s, or NULL */
	int ready;                   /* descriptor of -d, or -1 */
	/* With the command line, or NULL: the usage line tells it best. */
	const char *problem, *value, *hint;
	char letter[3]; /* an option that value may point to */
};

/*
 * Sets an option of the struct, which was all zero but for ready.  Returns 0,
 * or -1 if the program has no such option or its argument is refused.
 */
int stream_options_set(struct stream_options *options, int option,
		       const char *arg);

/* Notes what is wrong with the command line.  Returns -1. */
int stream_options_refuse(struct stream_options *options, const char *problem,
			  const char *value, const char *hint);

/* Notes the answer '?' or ':' of getopt_long to argv[optind - 1].  Returns -1.
 */
int stream_options_refuse_word(struct stream_options *options, int answer,
			       char *const *argv);

/* Prints the problem that was noted, or the usage line; exits 100. */
_Noreturn void stream_options_die(const struct stream_options *options,
				  const char *synopsis);

/* Its members are for stream_program.c; others read the first two. */
struct stream_program {
	struct stream_keys keys;
	int signals; /* the descriptor of skalibs' selfpipe */

	const struct stream_options *options;
	bool told_ready;
	int64_t save, status, report; /* times at which they are due */
};

/* What the program does when it is due; NULL: nothing. */
struct stream_duties {
	void (*save)(void *ctx);   /* the cursor */
	void (*status)(void *ctx); /* writes the status file */
	void (*report)(void *ctx); /* writes the line of the day */
};

/*
 * Reads the keys, ignores SIGPIPE, and makes SIGTERM, SIGINT, SIGHUP and the
 * signals of the array `more`, which ends with 0, arrive at the selfpipe; or
 * exits.  The options must stay.
 */
void stream_program_start(struct stream_program *program,
			  const struct stream_options *options,
			  const int *more);

/* Writes a newline to the descriptor of -d and closes it, the first time. */
void stream_program_tell_ready(struct stream_program *program);

/*
 * Does what is due at the time `now`, in milliseconds of a monotonic clock:
 * saves if `unsaved`, and the other duties.  Returns the milliseconds until
 * more is due, at most a day.
 */
int stream_program_do_duties(struct stream_program *program,
			     const struct stream_duties *duties, void *ctx,
			     int64_t now, bool unsaved);

#endif
