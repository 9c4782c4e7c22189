/* Torn lines; see torn.h.  Only ever reads, and a file it can't read is whole.
 */
#include "rlog/torn.h"

#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logdir/regular_file.h"

static bool ends_within_line(const struct logdir *d, const char *file)
{
	int fd = regular_file_open(d->fd, file, O_RDONLY, 0);
	struct stat st;
	char last = '\n';
	bool torn;

	if (fd < 0)
		return false;
	torn = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size &&
	       pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
	close(fd);
	return torn;
}

static bool is_torn(const struct logdir *d)
{
	struct archive_name newest = {d->newest, ARCHIVE_UNFINISHED, ""};
	char name[ARCHIVE_NAME];

	if (d->bytes)
		return ends_within_line(d, LAYOUT_CURRENT);
	archive_name_format(name, &newest);
	if (ends_within_line(d, name))
		return true;
	if (d->settings.processor)
		return false;
	newest.kind = ARCHIVE_FINISHED;
	archive_name_format(name, &newest);
	return ends_within_line(d, name);
}

void torn_mark(struct batch *batch, const struct logdir *directories)
{
	const struct logdir *d = directories;
	const struct logdir *end = d + batch->script->directories_n;
	struct batch_output *output = batch->outputs;

	for (; d < end; d++, output++)
		output->torn =
		    !(batch->midline && output->selected) && is_torn(d);
}
