/*
 * Texts with a rank.  A part is written to the end of the file; parts that are
 * left out stay there until they are more than those that are kept: then the
 * kept ones are copied to another file.  Tested by
 * tests/unit/rlogsess/worst_parts.c.
 */
#include "rlogsess/html/worst_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/temp_file.h"

enum { COPY_ROOM = 1 << 16, SLACK = 1 << 20 };

int worst_parts_init(struct worst_parts *parts, size_t most,
		     uint64_t most_bytes)
{
	parts->most = most;
	parts->most_bytes = most_bytes;
	parts->count = 0;
	parts->bytes = parts->at = parts->left_out = 0;
	parts->part = calloc(most + 1, sizeof *parts->part);
	parts->fd = temp_file_open();
	output_init(&parts->output, parts->fd);
	return parts->part && parts->fd >= 0 ? 0 : -1;
}

void worst_parts_free(struct worst_parts *parts)
{
	free(parts->part);
	parts->part = NULL;
	if (parts->fd >= 0)
		close(parts->fd);
	parts->fd = -1;
}

/* True if part a is left out before part b. */
static bool is_lower(const struct worst_part *a, const struct worst_part *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a->number > b->number;
}

static void swap_parts(struct worst_part *a, struct worst_part *b)
{
	struct worst_part part = *a;

	*a = *b;
	*b = part;
}

static void sift_up(struct worst_part *part, size_t n)
{
	for (; n && is_lower(&part[n], &part[(n - 1) / 2]); n = (n - 1) / 2)
		swap_parts(&part[n], &part[(n - 1) / 2]);
}

static void sift_down(struct worst_part *part, size_t count)
{
	for (size_t n = 0, child; (child = 2 * n + 1) < count; n = child) {
		if (child + 1 < count &&
		    is_lower(&part[child + 1], &part[child]))
			child++;
		if (!is_lower(&part[child], &part[n]))
			return;
		swap_parts(&part[child], &part[n]);
	}
}

static void leave_out_lowest(struct worst_parts *parts)
{
	parts->bytes -= parts->part[0].len;
	parts->part[0] = parts->part[--parts->count];
	sift_down(parts->part, parts->count);
	parts->left_out++;
}

/* Finds the end of the file, all bytes of which are written then. */
static int find_file_end(struct worst_parts *parts, uint64_t *end)
{
	off_t at;

	if (output_flush(&parts->output) < 0)
		return -1;
	at = lseek(parts->fd, 0, SEEK_CUR);
	*end = (uint64_t)at;
	return at < 0 ? -1 : 0;
}

struct output *worst_parts_begin(struct worst_parts *parts, uint64_t rank)
{
	if (parts->count < parts->most || rank > parts->part[0].rank)
		return &parts->output;
	parts->left_out++;
	return NULL;
}

static int copy_kept_part(const struct worst_parts *parts,
			  const struct worst_part *part, struct output *output)
{
	char text[COPY_ROOM];
	ssize_t n;

	for (uint64_t done = 0; done < part->len; done += (uint64_t)n) {
		uint64_t left = part->len - done;

		n = pread(parts->fd, text,
			  left < COPY_ROOM ? (size_t)left : COPY_ROOM,
			  (off_t)(part->at + done));
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return -1;
		output_bytes(output, text, (size_t)n);
	}
	return 0;
}

/* Copies the kept parts to another file, which replaces the file. */
static int move_parts(struct worst_parts *parts)
{
	int fd = temp_file_open(), old = parts->fd;
	uint64_t at = 0;

	if (fd < 0)
		return -1;
	output_init(&parts->output, fd);
	for (size_t i = 0; i < parts->count; i++) {
		if (copy_kept_part(parts, &parts->part[i], &parts->output) <
		    0) {
			close(fd);
			return -1;
		}
		parts->part[i].at = at;
		at += parts->part[i].len;
	}
	parts->fd = fd;
	parts->at = at;
	close(old);
	return output_flush(&parts->output);
}

int worst_parts_end(struct worst_parts *parts, uint64_t rank, uint64_t number)
{
	struct worst_part *part = &parts->part[parts->count];
	uint64_t end;

	if (find_file_end(parts, &end) < 0)
		return -1;
	*part = (struct worst_part){rank, number, parts->at, end - parts->at};
	parts->at = end;
	parts->bytes += part->len;
	sift_up(parts->part, parts->count++);
	while (parts->count > parts->most ||
	       (parts->bytes > parts->most_bytes && parts->count))
		leave_out_lowest(parts);
	return end > 2 * parts->bytes + SLACK ? move_parts(parts) : 0;
}

static int compare_part_numbers(const void *a, const void *b)
{
	const struct worst_part *p = a, *q = b;

	return p->number < q->number ? -1 : p->number > q->number;
}

void worst_parts_sort(struct worst_parts *parts)
{
	qsort(parts->part, parts->count, sizeof *parts->part,
	      compare_part_numbers);
}

bool worst_parts_has(const struct worst_parts *parts, uint64_t number)
{
	struct worst_part part = {.number = number};

	return bsearch(&part, parts->part, parts->count, sizeof *parts->part,
		       compare_part_numbers) != NULL;
}

int worst_parts_show(const struct worst_parts *parts, size_t n,
		     struct output *output)
{
	return copy_kept_part(parts, &parts->part[n], output);
}
