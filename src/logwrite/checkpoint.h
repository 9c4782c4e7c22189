/*
 * The checkpoint: stores in the ring which files a batch goes to and which
 * outputs get the line in progress, and restores that when rlog starts, after a
 * kill or not.  The next rlog may have another script: a directory is known by
 * its inode, and a current that has to be cut by its own.
 */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include <stdbool.h>

#include "logwrite/batch.h"
#include "logwrite/intake.h"
#include "logwrite/output/directory.h"

struct checkpoint {
	struct intake *intake;
	struct batch *batch;
	struct directory *directories;
	unsigned int n;
	uint64_t script; /* its hash */
	/* Currents of directories that this script does not have, in which a
	 * batch was begun.  The next script that has a directory again cuts
	 * off the bytes of that batch. */
	struct ring_file *left;
	unsigned int left_n;
};

/* The batch is open; its script has these directories. */
void checkpoint_init(struct checkpoint *checkpoint, struct intake *intake,
		     struct batch *batch, struct directory *directories);

/*
 * Before the directories start: cuts every current back to its size before the
 * batch that was begun and not written, and vouches for the currents that the
 * ring knows.  A current that is not the file which the ring knows stays as it
 * is; if it had been in a batch, the directory is marked `strange`.
 *
 * After the machine went down, the ring and the files need not be of one age:
 * then only torn ends are cut off.
 *
 * Returns NULL, or the directory that failed, with its failure.
 */
struct logdir *checkpoint_files(struct checkpoint *checkpoint);

/*
 * Cuts off the batch that is begun, when rlog ends.  Returns NULL, or the
 * directory that failed, with its failure.
 */
struct logdir *checkpoint_cut(const struct checkpoint *checkpoint);

/* Releases the memory of the checkpoint; the ring and files stay as they are.
 */
void checkpoint_free(struct checkpoint *checkpoint);

/*
 * When the directories are started: has the batch go on where the ring stands,
 * which may be within a line, and stores that for this script.
 */
void checkpoint_state(const struct checkpoint *checkpoint);

/* Stores in *line which outputs get the line in progress after the batch. */
void checkpoint_keep(const struct checkpoint *checkpoint,
		     struct ring_line *line);

/* Stores in the ring the currents that the batch goes to. */
void checkpoint_keep_files(const struct checkpoint *checkpoint);

#endif
