/*
 * How far reading has come, on descriptor 2 if that is a terminal: bytes read
 * of bytes to read, the rate and the time that is left.  One line is drawn over
 * itself a few times a second, first after a second, and is erased before
 * anything else is written there, also when a signal ends the program.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum { PROGRESS_TEXT = 128 };

/* Zero-initialised is one that is never drawn. */
struct progress {
	bool wanted;
	uint64_t total; /* bytes to read, or 0 if that is not known */
	uint64_t read;
	uint64_t seen; /* bytes at the last look at the clock */
	int64_t begun; /* milliseconds */
	int64_t next;  /* the time to draw next */
};

/*
 * Begins at a time in milliseconds, if descriptor 2 is a terminal.  Signals
 * whose action is still the default one erase the line before they act.
 */
void progress_begin(struct progress *progress, uint64_t total, int64_t now);

/* Counts bytes that were read, and draws if it is time to. */
void progress_add(struct progress *progress, uint64_t bytes);

/* Erases the line, if there is one. */
void progress_erase(void);

/* Writes the line as it is at a time, and a NUL. */
void progress_format(const struct progress *progress, int64_t now,
		     char text[PROGRESS_TEXT]);

#endif
