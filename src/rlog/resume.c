/* Taking up again; see seek.h. */
#include "rlog/resume.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

_Static_assert((int)SCRIPT_OUTPUTS <= (int)RING_FILES, "too few files");
_Static_assert((int)SCRIPT_OUTPUTS < RING_SELECTION * CHAR_BIT, "too few bits");

/*
 * What the ring knows of this directory, NULL if it doesn't know it.  Its
 * current may be another one by now, if a rotation was under way.
 */
static const struct ring_file *known(const struct resume *resume,
				     const struct logdir *d)
{
	const struct ring *ring = &resume->intake->ring;
	const struct ring_file *file = ring_files(ring);
	const struct ring_file *end = file + ring->now.files_n;

	for (; file < end; file++)
		if (file->device == d->device &&
		    file->directory == d->directory)
			return file;
	return NULL;
}

static bool bit(const unsigned char *bits, size_t i)
{
	return bits[i / CHAR_BIT] >> i % CHAR_BIT & 1;
}

/* Who had the beginning of the line gets the rest. */
static bool selected(const struct resume *resume, unsigned int i)
{
	const struct ring_line *line = &resume->intake->ring.now.line;
	const struct ring_file *file;
	size_t at = i;

	if (line->script != resume->script) {
		file = i < resume->n ? known(resume, &resume->directories[i])
				     : NULL;
		if (!file || file->left)
			return false;
		at = (size_t)(file - ring_files(&resume->intake->ring));
	}
	return at / CHAR_BIT < line->selection_n && bit(line->selection, at);
}

/* Is the file's directory one of the script's? */
static bool wanted(const struct resume *resume, const struct ring_file *file)
{
	const struct logdir *d = resume->directories, *end = d + resume->n;

	for (; d < end; d++)
		if (file->device == d->device &&
		    file->directory == d->directory)
			return true;
	return false;
}

/*
 * Remembers the files of directories that the script does not have, and notes
 * in the next table that they are left, before the batch is forgotten.
 */
static void find_left(struct resume *resume)
{
	struct ring *ring = &resume->intake->ring;
	const struct ring_file *file = ring_files(ring);
	const uint32_t n = ring->now.files_n;
	struct ring_file *next = ring_next_files(ring);
	uint32_t i;

	resume->left = calloc(n + 1, sizeof *resume->left);
	if (!resume->left)
		return;
	for (i = 0; i < n; i++) {
		next[i] = file[i];
		if (!(intake_busy(resume->intake) || file[i].left) ||
		    wanted(resume, &file[i]))
			continue;
		next[i].left = 1;
		if (resume->left_n < RING_FILES - resume->n)
			resume->left[resume->left_n++] = next[i];
	}
	ring_set_files(ring, n);
}

void resume_free(struct resume *resume)
{
	free(resume->left);
	resume->left = NULL;
	resume->left_n = 0;
}

/* 0, or -1 with d->failure. */
static int resume_file(const struct resume *resume, unsigned int i)
{
	const struct intake *intake = resume->intake;
	const struct ring_state *now = &intake->ring.now;
	struct logdir *d = &resume->directories[i];
	const struct ring_file *file = known(resume, d);
	const bool partly = now->busy || (file && file->left);
	int r;

	if (intake->crashed && (file || !now->files_n))
		return logdir_trim(d, now->line.midline && selected(resume, i));
	if (!now->vouched || !file || (intake->clean && !file->left))
		return 0;
	r = logdir_cut(d, file, partly);
	d->kept = r == 1;
	d->strange = partly && !r;
	return r;
}

struct logdir *resume_files(struct resume *resume)
{
	unsigned int i;

	for (i = 0; i < resume->n; i++)
		if (resume_file(resume, i) < 0)
			return &resume->directories[i];
	if (resume->intake->ring.now.vouched)
		find_left(resume);
	intake_redo(resume->intake);
	return NULL;
}

struct logdir *resume_cut(const struct resume *resume)
{
	const struct ring_file *file = ring_files(&resume->intake->ring);
	unsigned int i;

	for (i = 0; i < resume->n; i++)
		if (logdir_cut(&resume->directories[i], &file[i], true) < 0)
			return &resume->directories[i];
	intake_redo(resume->intake);
	return NULL;
}

uint64_t resume_hash(const char *const *argv)
{
	uint64_t hash = HASH_FNV;

	for (; *argv; argv++)
		hash = hash_fnv(hash, *argv, strlen(*argv) + 1);
	return hash;
}

void resume_state(const struct resume *resume)
{
	unsigned int i;

	resume->batch->midline = intake_state(resume->intake)->line.midline;
	for (i = 0; resume->batch->midline && i < resume->batch->outputs_n; i++)
		resume->batch->outputs[i].selected = selected(resume, i);
	/* In one step the line, its script and the files are this one's. */
	resume_keep(resume, &intake_state(resume->intake)->line);
	resume_keep_files(resume);
	ring_publish(&resume->intake->ring);
}

void resume_keep(const struct resume *resume, struct ring_line *line)
{
	const unsigned int n = resume->batch->outputs_n;
	unsigned int i;

	line->midline = resume->batch->midline;
	line->script = resume->script;
	line->selection_n = (n + CHAR_BIT - 1) / CHAR_BIT;
	memset(line->selection, 0, line->selection_n);
	for (i = 0; i < n; i++)
		if (resume->batch->outputs[i].selected)
			line->selection[i / CHAR_BIT] |=
			    (unsigned char)(1U << i % CHAR_BIT);
}

void resume_keep_files(const struct resume *resume)
{
	struct ring *ring = &resume->intake->ring;
	const struct logdir *d = resume->directories;
	struct ring_file *file = ring_next_files(ring);
	unsigned int i;

	for (i = 0; i < resume->n; i++)
		logdir_know(&d[i], &resume->batch->outputs[i].spans, &file[i]);
	if (resume->left_n)
		memcpy(file + resume->n, resume->left,
		       resume->left_n * sizeof *file);
	ring_set_files(ring, resume->n + resume->left_n);
	ring->now.vouched = 1;
}
