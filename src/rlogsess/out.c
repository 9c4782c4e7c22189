/* Gathered output; see out.h. */
#include "rlogsess/out.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/uint64.h>

#include "base/escape.h"
#include "base/json.h"

void out_init(struct out *o, int fd)
{
	o->fd = fd;
	o->trouble = 0;
	o->safe = false;
	o->len = 0;
}

static int write_all(int fd, const char *text, size_t len)
{
	struct pollfd p = {fd, POLLOUT, 0};
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n >= 0) {
			text += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			poll(&p, 1, -1);
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return 0;
}

int out_flush(struct out *o)
{
	if (!o->trouble && o->len && write_all(o->fd, o->buf, o->len) < 0)
		o->trouble = errno;
	o->len = 0;
	if (!o->trouble)
		return 0;
	errno = o->trouble;
	return -1;
}

void out_bytes(struct out *o, const char *text, size_t len)
{
	size_t n;

	while (len) {
		if (o->len == sizeof o->buf)
			out_flush(o);
		n = sizeof o->buf - o->len;
		if (n > len)
			n = len;
		memcpy(o->buf + o->len, text, n);
		o->len += n;
		text += n;
		len -= n;
	}
}

void out_string(struct out *o, const char *text)
{
	out_bytes(o, text, strlen(text));
}

void out_number(struct out *o, uint64_t number)
{
	char text[UINT64_FMT];

	out_bytes(o, text, uint64_fmt(text, number));
}

static size_t safely(struct out *o, const char *text, size_t len)
{
	char some[512];
	size_t total = 0, used, n;

	for (; len; text += used, len -= used) {
		n = escape_shown(some, sizeof some, text, len, &used);
		out_bytes(o, some, n);
		total += n;
	}
	return total;
}

void out_log(struct out *o, const char *text, size_t len)
{
	const char *newline;
	size_t n;

	if (!o->safe) {
		out_bytes(o, text, len);
		return;
	}
	for (; len; text += n, len -= n) {
		newline = memchr(text, '\n', len);
		n = newline ? (size_t)(newline - text) : len;
		safely(o, text, escape_without_cr(text, n));
		if (newline) {
			out_bytes(o, "\n", 1);
			n++;
		}
	}
}

size_t out_field(struct out *o, const char *text, size_t len)
{
	static const char escaped[] = "\\x09";
	size_t total = 0, n;
	const char *tab;

	while (len && (tab = memchr(text, '\t', len))) {
		n = (size_t)(tab - text);
		total += safely(o, text, n) + sizeof escaped - 1;
		out_string(o, escaped);
		text += n + 1;
		len -= n + 1;
	}
	return total + safely(o, text, len);
}

void out_json_string(struct out *o, const char *text, size_t len)
{
	bool plain = json_is_text(text, len);
	char some[512];
	size_t used, n;

	out_bytes(o, "\"", 1);
	for (; len; text += used, len -= used) {
		/* Whole groups of three bytes, so that padding ends it. */
		n = plain ? json_text(some, sizeof some, text, len, &used)
			  : json_base64(some, sizeof some, text, len, &used);
		out_bytes(o, some, n);
	}
	out_bytes(o, "\"", 1);
}

void out_json(struct out *o, const char *text, size_t len)
{
	bool plain = json_is_text(text, len);

	if (!plain)
		out_string(o, "{\"base64\":");
	out_json_string(o, text, len);
	if (!plain)
		out_string(o, "}");
}
