/*
 * The checkpoint.  A directory is known by its inode, and its current by a
 * fingerprint: the next rlog may have another script, and somebody may have
 * replaced files in between.  What is not known is left as it is.
 */
#include "logwrite/checkpoint.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)SCRIPT_OUTPUTS <= (int)RING_FILES, "too few files");
_Static_assert((int)SCRIPT_OUTPUTS < RING_SELECTION * CHAR_BIT, "too few bits");

/*
 * What the ring knows of this directory, NULL if it doesn't know it.  Its
 * current may be another one by now, if a rotation was under way.  When the
 * machine has been started again, its disk may have another device number.
 */
static const struct ring_file *find_known(const struct checkpoint *checkpoint,
					  const struct logdir *logdir)
{
	const struct ring *ring = &checkpoint->intake->ring;
	const struct ring_file *file = ring_files(ring), *moved = NULL;
	const struct ring_file *end = file + ring->now.files_n;

	for (; file < end; file++) {
		if (file->directory != logdir->directory)
			continue;
		if (file->device == logdir->device)
			return file;
		moved = file;
	}
	return checkpoint->intake->crashed ? moved : NULL;
}

void checkpoint_init(struct checkpoint *checkpoint, struct intake *intake,
		     struct batch *batch, struct directory *directories)
{
	memset(checkpoint, 0, sizeof *checkpoint);
	checkpoint->intake = intake;
	checkpoint->batch = batch;
	checkpoint->directories = directories;
	checkpoint->n = batch->script->directories_n;
	checkpoint->script = batch->script->hash;
}

static bool get_bit(const unsigned char *bits, size_t i)
{
	return bits[i / CHAR_BIT] >> i % CHAR_BIT & 1;
}

/* Who had the beginning of the line gets the rest. */
static bool was_selected(const struct checkpoint *checkpoint, unsigned int i)
{
	const struct ring_line *line = &checkpoint->intake->ring.now.line;
	const struct ring_file *file;
	size_t at = i;

	if (line->script != checkpoint->script) {
		file = i < checkpoint->n
			   ? find_known(checkpoint,
					&checkpoint->directories[i].logdir)
			   : NULL;
		if (!file || file->left)
			return false;
		at = (size_t)(file - ring_files(&checkpoint->intake->ring));
	}
	return at / CHAR_BIT < line->selection_n &&
	       get_bit(line->selection, at);
}

/* Is the file's directory one of the script's? */
static bool is_wanted(const struct checkpoint *checkpoint,
		      const struct ring_file *file)
{
	for (unsigned int i = 0; i < checkpoint->n; i++) {
		const struct logdir *logdir =
		    &checkpoint->directories[i].logdir;

		if (file->device == logdir->device &&
		    file->directory == logdir->directory)
			return true;
	}
	return false;
}

/*
 * Remembers the files of directories that the script does not have, and notes
 * in the next table that they are left, before the batch is forgotten.
 */
static void note_left_files(struct checkpoint *checkpoint)
{
	struct ring *ring = &checkpoint->intake->ring;
	const struct ring_file *file = ring_files(ring);
	const uint32_t n = ring->now.files_n;
	struct ring_file *next = ring_next_files(ring);

	checkpoint->left = calloc(n + 1, sizeof *checkpoint->left);
	if (!checkpoint->left)
		return;
	for (uint32_t i = 0; i < n; i++) {
		next[i] = file[i];
		if (!(intake_busy(checkpoint->intake) || file[i].left) ||
		    is_wanted(checkpoint, &file[i]))
			continue;
		next[i].left = 1;
		if (checkpoint->left_n < RING_FILES - checkpoint->n)
			checkpoint->left[checkpoint->left_n++] = next[i];
	}
	ring_set_files(ring, n);
}

void checkpoint_free(struct checkpoint *checkpoint)
{
	free(checkpoint->left);
	checkpoint->left = NULL;
	checkpoint->left_n = 0;
}

/* 0, or -1 with logdir->failure. */
static int restore_file(const struct checkpoint *checkpoint, unsigned int i)
{
	const struct intake *intake = checkpoint->intake;
	const struct ring_state *now = &intake->ring.now;
	struct logdir *logdir = &checkpoint->directories[i].logdir;
	const struct ring_file *file = find_known(checkpoint, logdir);
	const bool partly = now->busy || (file && file->left);

	if (intake->crashed && (file || !now->files_n))
		return logdir_trim(logdir, now->line.midline &&
					       was_selected(checkpoint, i));
	if (!now->vouched || !file || (intake->clean && !file->left))
		return 0;
	return logdir_cut(logdir, file, partly);
}

struct logdir *checkpoint_files(struct checkpoint *checkpoint)
{
	for (unsigned int i = 0; i < checkpoint->n; i++)
		if (restore_file(checkpoint, i) < 0)
			return &checkpoint->directories[i].logdir;
	if (checkpoint->intake->ring.now.vouched)
		note_left_files(checkpoint);
	intake_redo(checkpoint->intake);
	return NULL;
}

struct logdir *checkpoint_cut(const struct checkpoint *checkpoint)
{
	const struct ring_file *file = ring_files(&checkpoint->intake->ring);

	for (unsigned int i = 0; i < checkpoint->n; i++)
		if (logdir_cut(&checkpoint->directories[i].logdir, &file[i],
			       true) < 0)
			return &checkpoint->directories[i].logdir;
	intake_redo(checkpoint->intake);
	return NULL;
}

void checkpoint_state(const struct checkpoint *checkpoint)
{
	const bool midline = checkpoint->intake->ring.now.line.midline;

	batch_continue(checkpoint->batch, midline);
	for (unsigned int i = 0; midline && i < checkpoint->batch->outputs_n;
	     i++)
		batch_select(checkpoint->batch, i, was_selected(checkpoint, i));
	/* In one step the line, its script and the files are this one's. */
	checkpoint_keep(checkpoint, ring_line(&checkpoint->intake->ring));
	checkpoint_keep_files(checkpoint);
	ring_publish(&checkpoint->intake->ring);
}

void checkpoint_keep(const struct checkpoint *checkpoint,
		     struct ring_line *line)
{
	const unsigned int n = checkpoint->batch->outputs_n;

	line->midline = checkpoint->batch->midline;
	line->script = checkpoint->script;
	line->selection_n = (n + CHAR_BIT - 1) / CHAR_BIT;
	memset(line->selection, 0, line->selection_n);
	for (unsigned int i = 0; i < n; i++)
		if (checkpoint->batch->outputs[i].selected)
			line->selection[i / CHAR_BIT] |=
			    (unsigned char)(1U << i % CHAR_BIT);
}

void checkpoint_keep_files(const struct checkpoint *checkpoint)
{
	struct ring *ring = &checkpoint->intake->ring;
	struct ring_file *file = ring_next_files(ring);

	for (unsigned int i = 0; i < checkpoint->n; i++)
		logdir_know(&checkpoint->directories[i].logdir,
			    &checkpoint->batch->outputs[i].part, &file[i]);
	if (checkpoint->left_n)
		memcpy(file + checkpoint->n, checkpoint->left,
		       checkpoint->left_n * sizeof *file);
	ring_set_files(ring, checkpoint->n + checkpoint->left_n);
	ring_vouch(ring);
}
