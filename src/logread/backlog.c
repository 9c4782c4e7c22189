/*
 * The backlog of a log directory, by the names and sizes of its files: nothing
 * is read.  It is an estimate: a compressed archive counts with its compressed
 * size, and the bytes before the position are taken off the oldest file that is
 * behind, which holds it.
 *
 * Tested by tests/unit/logread/backlog.c.
 */
#include "logread/backlog.h"

#include <fcntl.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logdir/listing.h"

static uint64_t get_size(int directory, const char *name)
{
	struct stat st;

	if (fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	return (uint64_t)st.st_size;
}

/* Adds a file; ended: the label that it ends with, NULL if it may grow. */
static void add_file(struct backlog *backlog, uint64_t size,
		     const struct tain_s *ended,
		     const struct position *position)
{
	backlog->kept += size;
	if (position && position->labelled && ended &&
	    !tain_less(&position->last, ended))
		return;
	if (!backlog->behind)
		backlog->oldest = size;
	backlog->behind += size;
}

int backlog_measure(struct backlog *backlog, int directory,
		    const struct position *position)
{
	struct listing archives;
	struct tain_s ended;

	*backlog = (struct backlog){0};
	if (listing_read(&archives, directory) < 0)
		return -1;
	for (size_t i = 0; i < archives.count; i++) {
		listing_label(&archives, i, &ended);
		add_file(backlog, get_size(directory, archives.names[i]),
			 &ended, position);
	}
	backlog->archives = archives.count;
	listing_free(&archives);
	add_file(backlog, get_size(directory, LAYOUT_PREVIOUS), NULL, position);
	add_file(backlog, get_size(directory, LAYOUT_CURRENT), NULL, position);
	if (position)
		backlog->behind -= position->offset < backlog->oldest
				       ? position->offset
				       : backlog->oldest;
	return 0;
}
