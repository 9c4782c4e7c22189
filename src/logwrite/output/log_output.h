/*
 * Outputs: all that lines go to.  A log_output is the first member of a log
 * directory, of standard output, of the alerts and of each status file, and its
 * output_ops say what it does.  The writer holds all of them in one list, and
 * asks each the same.
 */
#ifndef LOG_OUTPUT_H
#define LOG_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "logwrite/batch_part.h"
#include "logwrite/event.h"
#include "logwrite/turn.h"

struct log_output;

/* A function that an output does not need is NULL. */
struct output_ops {
	/*
	 * Writes what is left of the batch.  Returns true if the batch does not
	 * have to wait for this output any more.
	 */
	bool (*write)(struct log_output *output, struct turn *turn);
	/* Does what is due apart from a batch: a sync, another try. */
	void (*sync)(struct log_output *output, struct turn *turn);
	/* Returns true if batches wait for this output. */
	bool (*blocked)(const struct log_output *output);
	/* Goes on with a rotation.  Returns true if a batch may begin. */
	bool (*rotate)(struct log_output *output, struct turn *turn);
	/*
	 * Closes it; if abandoned, in the state that a crash leaves.  Returns
	 * 0, or -1 if the next rlog does not find what it should.
	 */
	int (*close)(struct log_output *output, bool abandoned);
};

struct log_output {
	const struct output_ops *ops;
	struct batch_part *part; /* of each batch */
	event_listener *tell;
	uint64_t drop_after; /* milliseconds of blocking, 0: for ever */
};

struct log_outputs {
	struct log_output **list;
	unsigned int n;
};

/*
 * Makes an output with these functions that has no part of any batch.  Events
 * of it go to tell.  drop_after: milliseconds for which it may block before
 * input is dropped, 0: for ever.
 */
void log_output_init(struct log_output *output, const struct output_ops *ops,
		     event_listener *tell, uint64_t drop_after);

/* Sets the place where the output finds its part of each batch. */
void log_output_attach(struct log_output *output, struct batch_part *part);

/* Makes an empty list for up to n outputs.  Returns 0, or -1 with errno. */
int log_outputs_open(struct log_outputs *outputs, unsigned int n);

/* Adds an output, which is written to after those that were added before. */
void log_outputs_add(struct log_outputs *outputs, struct log_output *output);

/* Writes the batch.  Returns true if no output has to be waited for. */
bool log_outputs_write(const struct log_outputs *outputs, struct turn *turn);

/* Rotates and syncs all outputs.  Returns true if a batch may begin. */
bool log_outputs_rotate(const struct log_outputs *outputs, struct turn *turn);

/*
 * Returns the milliseconds that outputs may block before input is dropped: the
 * longest time of those that are blocked; 0: for ever, or none is blocked.
 */
uint64_t log_outputs_drop_after(const struct log_outputs *outputs);

/* Closes all outputs and frees the list.  Returns 0, or -1 as their close. */
int log_outputs_close(struct log_outputs *outputs, bool abandoned);

#endif
