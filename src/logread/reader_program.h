/*
 * The main of a program that reads logs, as far as these programs agree: --help
 * and wrong use, messages and exit codes, opening the source, reading until the
 * log ends or a signal arrives, following, and saving the position.
 *
 * Like a main, and unlike other modules, it prints messages with PROG, which
 * the program defines, and exits: 100 for wrong use, 111 for trouble.
 */
#ifndef READER_PROGRAM_H
#define READER_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/output.h"
#include "logread/progress.h"
#include "logread/reader_options.h"
#include "logread/source.h"
#include "logread/wait.h"

/* Why reading ended; errno has the reason of a failure. */
enum reader_trouble {
	READER_FINE,
	READER_ENOUGH,   /* no failure: the program wants no more lines */
	READER_SOURCE,   /* the log could not be read */
	READER_POSITION, /* the cursor file could not be written */
	READER_OUTPUT,   /* standard output could not be written */
	READER_OTHER,    /* the program failed at its own work */
};

struct reader_program {
	/* Set by the program: the first three at first, the rest later. */
	const char *version;  /* its name and version, for --version */
	const char *synopsis; /* its usage line */
	struct reader_options *selection;
	struct output *output; /* flushed before reading has to wait */
	size_t block;          /* bytes of blocks to read; 0: lines */
	/* Takes a line or block that was read. */
	enum reader_trouble (*take)(void *ctx, const struct source_line *line);
	/*
	 * Called when a followed log has no more lines for now.  The wait that
	 * follows takes at most *milliseconds.  NULL: nothing to do.
	 */
	enum reader_trouble (*pause)(void *ctx, int *milliseconds);
	/*
	 * Lines are written while the log is read.  On a terminal they tell how
	 * far it is, and progress is not drawn.
	 */
	bool shows_lines;
	const char *work; /* a verb and object for READER_OTHER's message */
	void *ctx;

	/* Inside: */
	struct source *source;
	struct progress progress;
	struct wait wait;
	bool exact;       /* see reader_program_make_exact */
	bool unsaved;     /* the position was marked after it was saved */
	bool save_failed; /* saving is not tried again */
	int64_t saved;    /* the time it was saved, by wait_clock */
};

/* Answers --help and --version and exits, or returns. */
void reader_program_start(struct reader_program *program, int argc, char **argv,
			  void (*help)(void));

/* Prints the problem of the command line, or the usage line; exits 100. */
_Noreturn void reader_program_refuse(const struct reader_program *program);

/*
 * From now on SIGTERM, SIGINT and SIGHUP don't kill the program:
 * reader_program_run returns after the lines that it has read.
 */
void reader_program_catch_signals(struct reader_program *program);

/*
 * Makes the output exact: the position is marked whenever lines were written,
 * and saved every second and at the end.  Signals are caught, and a write to a
 * closed pipe fails instead of killing the program, so that the position is
 * saved in these cases too.
 */
void reader_program_make_exact(struct reader_program *program);

/* Opens the source, or exits. */
void reader_program_open(struct reader_program *program);

/* Reads until the log ends, a signal arrives, or there is trouble. */
enum reader_trouble reader_program_run(struct reader_program *program);

/* Flushes the output.  Returns READER_OUTPUT if it has failed. */
enum reader_trouble reader_program_flush(struct reader_program *program);

/*
 * Saves the position after the lines that were taken, if there is a cursor
 * file.  For programs whose output is not exact.
 */
enum reader_trouble reader_program_save(struct reader_program *program);

/*
 * Stage that position, and commit it after the program has saved a file with
 * the hash in it; see position.h.
 */
enum reader_trouble reader_program_stage(struct reader_program *program,
					 uint64_t *hash);
enum reader_trouble reader_program_commit(struct reader_program *program);

/*
 * Returns if there is no trouble.  Otherwise prints it and exits 111; for a
 * closed pipe, dies by SIGPIPE without a message.
 */
void reader_program_check(const struct reader_program *program,
			  enum reader_trouble trouble);

/*
 * Closes the source.  Returns the exit code: 111 if part of it failed, 1 if a
 * window was asked for of lines without stamps.
 */
int reader_program_close(struct reader_program *program);

/* True if the environment allows colours on a terminal. */
bool reader_program_has_colours(void);

#endif
