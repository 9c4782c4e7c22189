/*
 * Puts lines together to sessions by running rlogsess as a processor of rlog
 * runs: `rlogsess -K -o json` with lines on descriptor 0, objects on 1, and the
 * open sessions, that is those whose end was not read, on 4 and 5.
 */
#ifndef SESSION_RUN_H
#define SESSION_RUN_H

#include <stddef.h>

enum { SESSION_RUN_FILES = 5, SESSION_RUN_WHY = 200 };

/* Its members are for session_run.c; files[0] is 0 before the first call. */
struct session_run {
	int files[SESSION_RUN_FILES]; /* temporary, used again by each run */
};

struct session_text {
	const char *bytes;
	size_t len;
};

/* Bytes that the caller frees. */
struct session_output {
	char *bytes;
	size_t len;
};

/*
 * Runs rlogsess, which PATH finds, on the lines and the open sessions before
 * them.  Returns 0 with the objects of the sessions that have ended, and the
 * open sessions; or -1 with a sentence in why.
 */
int session_run(struct session_run *run, const struct session_text *lines,
		const struct session_text *open, struct session_output *ended,
		struct session_output *still_open, char why[SESSION_RUN_WHY]);

/* Closes the files; also of a struct that is all zero. */
void session_run_close(struct session_run *run);

#endif
