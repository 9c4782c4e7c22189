/* Taking up again; see resume.h. */
#include "rlog/resume.h"

#include <limits.h>

_Static_assert((int)SCRIPT_OUTPUTS <= (int)RING_FILES, "too few files");
_Static_assert((int)SCRIPT_OUTPUTS < RING_SELECTION * CHAR_BIT, "too few bits");

/*
 * What the ring knows of this directory, NULL if it doesn't know it.  Its
 * current may be another one by now, if a rotation was under way.
 */
static const struct ring_file *known(const struct resume *resume,
				     const struct logdir *d)
{
	const struct ring_header *header = resume->intake->ring.header;
	const struct ring_file *file = header->files;
	const struct ring_file *end = file + header->files_n;

	for (; file < end; file++)
		if (file->device == d->device &&
		    file->directory == d->directory)
			return file;
	return NULL;
}

/* 0, or -1 with d->failure. */
static int cut(const struct resume *resume, struct logdir *d)
{
	const struct ring_header *header = resume->intake->ring.header;
	const bool busy = intake_busy(resume->intake);
	struct ring_file file;
	uint64_t i;
	int r;

	for (i = 0; i < header->files_n && !d->kept; i++) {
		file = header->files[i];
		if (!busy)
			file.size = UINT64_MAX;
		r = logdir_cut(d, &file);
		if (r < 0)
			return -1;
		d->kept = r;
	}
	return 0;
}

struct logdir *resume_files(const struct resume *resume)
{
	struct logdir *d = resume->directories, *end = d + resume->n;

	for (; resume->same_boot && !resume->intake->clean && d < end; d++)
		if (cut(resume, d) < 0)
			return d;
	intake_redo(resume->intake);
	return NULL;
}

struct logdir *resume_cut(const struct resume *resume)
{
	const struct ring_header *header = resume->intake->ring.header;
	unsigned int i;

	for (i = 0; i < resume->n; i++)
		if (logdir_cut(&resume->directories[i], &header->files[i]) < 0)
			return &resume->directories[i];
	intake_redo(resume->intake);
	return NULL;
}

uint64_t resume_hash(const char *const *argv)
{
	uint64_t hash = 0xcbf29ce484222325;
	const char *c;

	for (; *argv; argv++) {
		c = *argv;
		do
			hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
		while (*c++);
	}
	return hash;
}

static bool bit(const unsigned char *bits, size_t i)
{
	return bits[i / CHAR_BIT] >> i % CHAR_BIT & 1;
}

static void set_bit(unsigned char *bits, size_t i, bool value)
{
	unsigned char mask = (unsigned char)(1U << i % CHAR_BIT);

	if (value)
		bits[i / CHAR_BIT] |= mask;
	else
		bits[i / CHAR_BIT] &= (unsigned char)~mask;
}

void resume_state(const struct resume *resume)
{
	const struct ring_header *header = resume->intake->ring.header;
	const struct ring_state *state = intake_state(resume->intake);
	const struct ring_file *file;
	struct tain_s clock;
	unsigned int i;

	resume->batch->midline = state->midline;
	for (i = 0; state->midline && i < resume->batch->outputs_n; i++) {
		if (state->script == resume->script) {
			resume->batch->outputs[i].selected =
			    bit(state->selection, i);
			continue;
		}
		file = i < resume->n ? known(resume, &resume->directories[i])
				     : NULL;
		resume->batch->outputs[i].selected =
		    file &&
		    bit(state->selection, (size_t)(file - header->files));
	}
	/* An empty batch, so that it is this script's before the files are. */
	intake_clock(resume->intake, &clock);
	resume_keep(resume, intake_prepare(resume->intake, 0, &clock));
	intake_begin(resume->intake);
	intake_done(resume->intake);
}

void resume_keep(const struct resume *resume, struct ring_state *state)
{
	unsigned int i;

	state->midline = resume->batch->midline;
	state->script = resume->script;
	for (i = 0; i < resume->batch->outputs_n; i++)
		set_bit(state->selection, i,
			resume->batch->outputs[i].selected);
}

void resume_keep_files(const struct resume *resume)
{
	struct ring_header *header = resume->intake->ring.header;
	const struct logdir *d = resume->directories;
	const struct logdir *end = d + resume->n;
	struct ring_file *file = header->files;

	for (; d < end; d++, file++) {
		file->device = d->device;
		file->directory = d->directory;
		file->inode = d->inode;
		file->size = d->bytes;
	}
	header->files_n = resume->n;
}
