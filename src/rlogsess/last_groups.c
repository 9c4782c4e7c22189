/*
 * The output of the last groups, in a temporary file.  Places count from the
 * beginning of all output; the file begins at the place `front`.  The ring has
 * the places at which the kept groups end; each begins where the one before it
 * ends, the oldest at `begin`.  Once the bytes before `begin` are more than
 * those that are kept, and than SLACK, the kept ones are copied to the front:
 * the file has at most the length of the kept groups twice, and SLACK.
 */
#include "rlogsess/last_groups.h"

#include <errno.h>
#include <unistd.h>

#include "base/temp_file.h"

enum { SLACK = 1 << 20, COPY = 1 << 16 };

int last_groups_init(struct last_groups *groups, uint64_t most, bool safe)
{
	groups->front = groups->begin = groups->end = 0;
	number_ring_init(&groups->ends, most);
	groups->fd = temp_file_open();
	groups->open = groups->fd >= 0;
	output_init(&groups->output, groups->fd);
	output_set_safe(&groups->output, safe);
	return groups->open ? 0 : -1;
}

/* Stores the place behind all output.  Returns 0, or -1 with errno set. */
static int find_output_end(const struct last_groups *groups, uint64_t *end)
{
	off_t written = lseek(groups->fd, 0, SEEK_CUR);
	size_t waiting;

	if (output_error(&groups->output)) {
		errno = output_error(&groups->output);
		return -1;
	}
	output_composed(&groups->output, &waiting);
	*end = groups->front + (uint64_t)written + waiting;
	return written < 0 ? -1 : 0;
}

/* Passes the bytes of the kept groups to take.  Returns 0, or -1 and errno. */
static int read_kept(struct last_groups *groups,
		     int (*take)(void *ctx, const char *text, size_t len),
		     void *ctx)
{
	char text[COPY];
	ssize_t n;

	if (output_flush(&groups->output) < 0)
		return -1;
	for (uint64_t at = groups->begin; at < groups->end; at += (uint64_t)n) {
		size_t left = (size_t)(groups->end - at);

		n = pread(groups->fd, text, left < COPY ? left : COPY,
			  (off_t)(at - groups->front));
		if (n == 0)
			errno = EIO;
		if (n <= 0 || take(ctx, text, (size_t)n) < 0)
			return -1;
	}
	return 0;
}

static int rewrite_text(void *fd, const char *text, size_t len)
{
	ssize_t n;

	for (; len; text += n, len -= (size_t)n) {
		n = write(*(int *)fd, text, len);
		if (n < 0)
			return -1;
	}
	return 0;
}

static int move_to_front(struct last_groups *groups)
{
	if (output_flush(&groups->output) < 0 ||
	    lseek(groups->fd, 0, SEEK_SET) < 0 ||
	    read_kept(groups, rewrite_text, &groups->fd) < 0 ||
	    ftruncate(groups->fd, (off_t)(groups->end - groups->begin)) < 0)
		return -1;
	groups->front = groups->begin;
	return 0;
}

int last_groups_end(struct last_groups *groups)
{
	uint64_t end, dead;

	if (find_output_end(groups, &end) < 0)
		return -1;
	if (end == groups->end)
		return 0;
	groups->end = end;
	if (number_ring_add(&groups->ends, end, &groups->begin) < 0)
		return -1;
	dead = groups->begin - groups->front;
	return dead > SLACK && dead > end - groups->begin
		   ? move_to_front(groups)
		   : 0;
}

static int show_text(void *output, const char *text, size_t len)
{
	output_bytes(output, text, len);
	return 0;
}

int last_groups_show(struct last_groups *groups, struct output *output)
{
	if (read_kept(groups, show_text, output) < 0)
		return -1;
	output_end_line(output, false);
	return 0;
}

void last_groups_free(struct last_groups *groups)
{
	number_ring_free(&groups->ends);
	if (groups->open)
		close(groups->fd);
	groups->open = false;
}
