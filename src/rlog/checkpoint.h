/*
 * Taking up again: what the last rlog was at when it ended, by a kill or by
 * itself, as the ring tells it; and telling the ring.  The rlog that comes may
 * have another script: a directory is known by its inode, and a file that has
 * to be cut by its own.
 */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include <stdbool.h>

#include "rlog/batch.h"
#include "rlog/intake.h"
#include "rlog/logdir.h"

struct checkpoint {
	struct intake *intake;
	struct batch *batch;
	struct logdir *directories;
	unsigned int n;
	uint64_t script; /* its hash */
	/* Files that a batch was begun in, of directories that this script does
	 * not have: what of it was written is cut off by the script that has
	 * them again. */
	struct ring_file *left;
	unsigned int left_n;
};

/* The batch is open; its script has these directories. */
void checkpoint_init(struct checkpoint *checkpoint, struct intake *intake,
		     struct batch *batch, struct logdir *directories);

/*
 * Cuts every current back to where the batch that was begun and not written
 * began, and vouches for those that the ring knows.  A current that is not the
 * file which the ring knows is left alone; if it had been in a batch the
 * directory is `strange`.  Files of other directories are remembered: `left`.
 * The directories are open and not yet started.  NULL, or the one that failed.
 *
 * After the machine went down what of the ring and of the files has reached the
 * disk need not fit together: then only torn ends are cut off.
 */
struct logdir *checkpoint_files(struct checkpoint *checkpoint);

/* Cuts off the batch that is begun: at the end.  NULL, or what failed. */
struct logdir *checkpoint_cut(const struct checkpoint *checkpoint);

void checkpoint_free(struct checkpoint *checkpoint);

/*
 * The batch goes on where the intake stands, even in the middle of a line.  The
 * directories are started, or the script is the same.
 */
void checkpoint_state(const struct checkpoint *checkpoint);

/* Tells the ring what line is in progress after the batch. */
void checkpoint_keep(const struct checkpoint *checkpoint,
		     struct ring_line *line);

/* Tells the ring the files that the batch goes to. */
void checkpoint_keep_files(const struct checkpoint *checkpoint);

#endif
