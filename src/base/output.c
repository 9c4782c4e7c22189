/*
 * Buffered output.  buf holds `whole` bytes of whole lines, then the beginning
 * of a line; `whole` is 0 while nobody ends lines.  A write takes whole lines;
 * only a line that fills the buffer alone is written in pieces, and torn tells
 * that a piece of it is out.  In exact mode a write to anything but a regular
 * file waits until the descriptor is writable and is small enough to succeed
 * at once, so that signals arrive only while nothing is half written.
 *
 * Peers wrote the text of a log: on a safe output, and in a table, every byte
 * of it passes output_shown.
 */
#include "base/output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>

#include <skalibs/uint64.h>

#include "base/escape.h"

/* Seconds that a torn line may take after a signal. */
enum { PATIENCE = 2 };

void output_init(struct output *output, int fd)
{
	output->fd = fd;
	output->error = 0;
	output->safe = output->mid_line = output->torn = false;
	output->interrupts = false;
	output->exact = (struct output_exact){0};
	output->unit = OUTPUT_LARGE;
	output->whole = output->len = 0;
}

void output_set_exact(struct output *output, const struct output_exact *exact)
{
	struct stat st;

	output->exact = *exact;
	if (fstat(output->fd, &st) == 0 && S_ISREG(st.st_mode))
		return;
	output->interrupts = true;
	output->unit = OUTPUT_SMALL;
}

void output_set_safe(struct output *output, bool safe)
{
	output->safe = safe;
}

static bool is_interrupted(const struct output *output)
{
	return output->interrupts && *output->exact.stop;
}

/* Waits until fd is writable; begun: the caller has written part of a line. */
static int wait_writable(struct output *output, bool begun)
{
	const struct timespec patience = {PATIENCE, 0};
	struct pollfd p = {.fd = output->fd, .events = POLLOUT};
	int r;

	for (;;) {
		if (is_interrupted(output) && !begun) {
			errno = EINTR;
			return -1;
		}
		r = ppoll(&p, 1, is_interrupted(output) ? &patience : NULL,
			  output->exact.waiting);
		if (r > 0)
			return 0;
		if (r < 0 && errno != EINTR)
			return -1;
		if (r == 0) {
			errno = EINTR;
			return -1;
		}
	}
}

static int write_all(struct output *output, const char *text, size_t len)
{
	size_t at = 0, n;
	ssize_t w;

	while (at < len) {
		n = len - at;
		if (output->interrupts && n > OUTPUT_SMALL)
			n = OUTPUT_SMALL;
		if (output->interrupts &&
		    wait_writable(output, at || output->torn) < 0)
			return -1;
		w = write(output->fd, text + at, n);
		if (w >= 0)
			at += (size_t)w;
		else if (errno == EAGAIN &&
			 wait_writable(output, at || output->torn) < 0)
			return -1;
		else if (errno != EINTR && errno != EAGAIN)
			return -1;
	}
	return 0;
}

/* Keeps errno, and drops all that is not written. */
static void keep_error(struct output *output)
{
	output->error = errno;
	output->whole = output->len = 0;
}

static void report_written(struct output *output, bool all)
{
	const struct output_exact *exact = &output->exact;

	if (exact->written && exact->written(exact->ctx, all) < 0)
		keep_error(output);
}

/* Writes the whole lines; the beginning of a line stays. */
static void write_whole(struct output *output)
{
	size_t whole = output->whole;
	bool all = output->len == whole;

	if (!whole)
		return;
	if (write_all(output, output->buf, whole) < 0) {
		keep_error(output);
		return;
	}
	output->torn = false;
	output->whole = 0;
	output->len -= whole;
	memmove(output->buf, output->buf + whole, output->len);
	report_written(output, all);
}

static void write_piece(struct output *output)
{
	if (write_all(output, output->buf, output->len) < 0) {
		keep_error(output);
		return;
	}
	output->torn = true;
	output->len = 0;
}

void output_make_room(struct output *output)
{
	const size_t full = sizeof output->buf - OUTPUT_SMALL;

	if (output->len > full)
		write_whole(output);
	if (output->len > full)
		write_piece(output);
}

static size_t buffer_room(const struct output *output)
{
	return sizeof output->buf - output->len;
}

/* Adds bytes that fit into the buffer. */
static void append_bytes(struct output *output, const char *text, size_t len)
{
	memcpy(output->buf + output->len, text, len);
	output->len += len;
}

/* Adds bytes that don't fit until some were written. */
static void write_and_append(struct output *output, const char *text,
			     size_t len)
{
	size_t room;

	while (len > (room = buffer_room(output))) {
		append_bytes(output, text, room);
		text += room;
		len -= room;
		output_make_room(output);
		if (output->error)
			return;
	}
	append_bytes(output, text, len);
}

void output_rest(struct output *output, const char *text, size_t len)
{
	if (!len || output->error)
		return;
	output->mid_line = true;
	write_and_append(output, text, len);
}

void output_number(struct output *output, uint64_t number)
{
	char text[UINT64_FMT];
	size_t len = uint64_fmt(text, number);

	output_bytes(output, text, len);
}

size_t output_shown(struct output *output, const char *text, size_t len)
{
	char shown[512];
	size_t total = 0, used, n;

	for (; len; text += used, len -= used) {
		n = escape_shown(shown, sizeof shown, text, len, &used);
		output_bytes(output, shown, n);
		total += n;
	}
	return total;
}

void output_lines(struct output *output, const char *text, size_t len)
{
	const char *newline;
	size_t n;

	if (!output_is_safe(output)) {
		output_bytes(output, text, len);
		return;
	}
	for (; len; text += n, len -= n) {
		newline = memchr(text, '\n', len);
		n = newline ? (size_t)(newline - text) : len;
		output_shown(output, text, escape_without_cr(text, n));
		if (newline) {
			output_bytes(output, "\n", 1);
			n++;
		}
	}
}

size_t output_field(struct output *output, const char *text, size_t len)
{
	static const char escaped[] = "\\x09";
	size_t total = 0, n;
	const char *tab;

	while (len && (tab = memchr(text, '\t', len))) {
		n = (size_t)(tab - text);
		total += output_shown(output, text, n) + sizeof escaped - 1;
		output_string(output, escaped);
		text += n + 1;
		len -= n + 1;
	}
	return total + output_shown(output, text, len);
}

void output_end_line(struct output *output, bool newline)
{
	if (newline) {
		output_bytes(output, "\n", 1);
		output->mid_line = false;
	}
	/* The line does not fit into one write with those before it. */
	if (output->len > output->unit)
		write_whole(output);
	output->whole = output->len;
	if (output->whole >= output->unit)
		write_whole(output);
}

void output_block(struct output *output, const char *text, size_t len)
{
	if (!len || output_flush(output) < 0)
		return;
	if (write_all(output, text, len) < 0) {
		keep_error(output);
		return;
	}
	output->mid_line = text[len - 1] != '\n';
	report_written(output, true);
}

int output_flush(struct output *output)
{
	output->whole = output->len;
	write_whole(output);
	if (!output->error)
		return 0;
	errno = output->error;
	return -1;
}

const char *output_composed(const struct output *output, size_t *len)
{
	*len = output->len;
	return output->buf;
}
