/*
 * The format of lines.  The label of a stamp is one of djb's whatever the text
 * looks like; other forms are made from it, and turned back into it, here.  The
 * text of a stamp is formatted again only when more than its last two digits
 * change: a second is a multiple of both steps.
 *
 * A fragment is formatted once a buffer, after the bytes that are kept, and is
 * kept if an output gets it.  It is cut only where its parts are escaped as the
 * whole is.
 * Stamps are tested by tests/unit/logwrite/line_format.c, all else by batch.c.
 */
#include "logwrite/line_format.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/hex.h"

enum {
	UTC_LEN = 30,
	UTC_STEP = 100,
	LABEL_STEP = 256, /* labels share all but two digits */
	GROWTH = 4,       /* bytes of one bad byte when escaped */
	SLACK = SCRIPT_PREFIX + 2 * LINE_STAMP_MAX
};

/* 9999-12-31T23:59:59Z */
static const time_t last_second = 253402300799;

void line_stamp_init(struct line_stamp *stamp, enum label_kind kind)
{
	memset(stamp, 0, sizeof *stamp);
	stamp->kind = kind;
	stamp->formatter.style = (struct utc_style){'T', 9, UTC_ZONE_Z};
	if (kind != LABEL_NONE)
		stamp->len = (kind == LABEL_UTC ? UTC_LEN : LABEL_LEN) + 1;
}

static void format_leap(char *text, const struct timespec *time)
{
	struct tain_s leap;

	label_from_time(&leap, time, LABEL_LEAP);
	label_format(text, &leap);
}

/* All times have UTC_LEN bytes, up to the last year that has four digits. */
static void format_utc(struct line_stamp *stamp, struct timespec time)
{
	char text[UTC_TEXT];

	if (time.tv_sec > last_second)
		time.tv_sec = last_second;
	utc_format(&stamp->formatter, text, &time);
	memcpy(stamp->text, text, UTC_LEN);
}

static void format_stamp(struct line_stamp *stamp)
{
	struct timespec time;

	label_to_time(&time, &stamp->label, LABEL_DJB);
	switch (stamp->kind) {
	case LABEL_DJB: label_format(stamp->text, &stamp->label); break;
	case LABEL_LEAP: format_leap(stamp->text, &time); break;
	case LABEL_UTC: format_utc(stamp, time); break;
	default: return;
	}
	stamp->text[stamp->len - 1] = ' ';
}

void line_stamp_begin(struct line_stamp *stamp, const struct tain_s *now)
{
	stamp->begins = true;
	stamp->now = *now;
}

static void format_next(struct line_stamp *stamp)
{
	label_advance(&stamp->label,
		      stamp->begins ? &stamp->now : &stamp->label);
	stamp->begins = false;
	format_stamp(stamp);
}

inline void line_stamp_next(struct line_stamp *stamp)
{
	const uint32_t next = stamp->label.nano + 1;

	if (!stamp->begins &&
	    (stamp->kind == LABEL_UTC ? next % UTC_STEP : next % LABEL_STEP))
		stamp->label.nano = next;
	else
		format_next(stamp);
}

inline void line_stamp_write(const struct line_stamp *stamp, char *to)
{
	uint32_t nano = stamp->label.nano;

	memcpy(to, stamp->text, LINE_STAMP_MAX);
	if (stamp->kind == LABEL_UTC) {
		to[stamp->len - 4] = (char)('0' + nano % 100 / 10);
		to[stamp->len - 3] = (char)('0' + nano % 10);
	} else {
		to[LABEL_LEN - 2] = HEX_DIGITS[nano >> 4 & 15];
		to[LABEL_LEN - 1] = HEX_DIGITS[nano & 15];
	}
}

bool line_stamp_parse(enum label_kind kind, struct tain_s *label,
		      const char *text, size_t len)
{
	struct timespec time;

	switch (kind) {
	case LABEL_DJB: return label_parse(label, text, len);
	case LABEL_LEAP:
		return label_parse(label, text, len) &&
		       label_to_time(&time, label, kind) &&
		       label_from_time(label, &time, LABEL_DJB);
	case LABEL_UTC:
		return len > UTC_LEN &&
		       utc_parse(&time, text, len) == UTC_LEN &&
		       label_from_time(label, &time, LABEL_DJB);
	default: return false;
	}
}

/*
 * The length of the end whose escaping depends on the next byte: an incomplete
 * UTF-8 sequence, or a CR, and the space after it that ends a record.
 */
static size_t measure_open_end(const char *bytes, size_t len)
{
	size_t n, whole;
	unsigned char byte;

	n = len - escape_without_cr(bytes, len);
	if (n)
		return n;
	for (n = 1; n <= 3 && n <= len; n++) {
		byte = (unsigned char)bytes[len - n];
		if ((byte & 0xc0) == 0x80)
			continue;
		whole = byte >= 0xf0   ? 4
			: byte >= 0xe0 ? 3
				       : 1 + (byte >= 0xc0);
		return whole > n ? n : 0;
	}
	return 0;
}

void fragment_shorten(struct fragment *fragment, size_t len, bool escaped)
{
	if (escaped)
		len -= measure_open_end(fragment->bytes, len);
	fragment->len = fragment->taken = len;
	fragment->ends = false;
}

size_t fragment_boundary(const struct fragment *fragment, size_t n)
{
	const char *bytes = fragment->bytes;
	const size_t before_cr = fragment->ends
				     ? escape_without_cr(bytes, fragment->len)
				     : fragment->len;
	size_t back;

	if (n > before_cr && before_cr)
		return before_cr;
	if (n == fragment->len)
		return n;
	for (back = 1; back <= 3 && back < n; back++) {
		if (((unsigned char)bytes[n - back] & 0xc0) == 0x80)
			continue;
		if (escape_utf8(bytes + n - back, fragment->len - n + back) >
		    back)
			return n - back;
		break;
	}
	return n;
}

size_t format_buffer_room(const struct output_form *form)
{
	size_t room = FORMAT_BUFFER_SIZE;

	if (form->escaping)
		room *= GROWTH;
	if (form->escaping || *form->prefix)
		room += SLACK;
	return room;
}

int format_buffer_open(struct format_buffer *buffer,
		       const struct output_form *form)
{
	memset(buffer, 0, sizeof *buffer);
	buffer->prefix = form->prefix;
	buffer->prefix_len = strlen(form->prefix);
	buffer->escaping = form->escaping;
	buffer->size = format_buffer_room(form);
	/* A stamp is put there with all of its room. */
	buffer->bytes = malloc(buffer->size + LINE_STAMP_MAX);
	return buffer->bytes ? 0 : -1;
}

void format_buffer_close(struct format_buffer *buffer)
{
	free(buffer->bytes);
	buffer->bytes = NULL;
}

void format_buffer_clear(struct format_buffer *buffer)
{
	buffer->used = buffer->flushed = 0;
	buffer->near = UINT64_MAX;
	buffer->made = buffer->wanted = false;
}

bool format_buffer_fits(const struct format_buffer *buffer,
			const struct fragment *fragment)
{
	size_t most =
	    (buffer->escaping ? GROWTH : 1) * fragment->len + fragment->ends;

	if (fragment->stamp)
		most += fragment->stamp->len + buffer->prefix_len;
	return most <= buffer->size - buffer->used;
}

typedef size_t escape_function(char *out, size_t room, const char *text,
			       size_t len, size_t *used);

static escape_function *choose_escape(const struct format_buffer *buffer)
{
	return buffer->escaping == ESCAPING_ALL ? escape_text : escape_shown;
}

/*
 * The bytes at the end that stay as they are: a CR before the newline and, in a
 * record, which ends with a space, that CR and the space.
 */
static size_t measure_bare_end(const struct format_buffer *buffer,
			       const struct fragment *fragment)
{
	const size_t len = fragment->len;

	if (!fragment->ends || !len)
		return 0;
	if (buffer->escaping == ESCAPING_ALL)
		return fragment->bytes[len - 1] == '\r';
	return len - escape_without_cr(fragment->bytes, len);
}

/* Escapes all but a CR right before the newline, as records.5 has it. */
static char *write_escaped(const struct format_buffer *buffer, char *to,
			   const struct fragment *fragment)
{
	size_t room = (size_t)(buffer->bytes + buffer->size - to);
	const size_t bare = measure_bare_end(buffer, fragment);
	const size_t len = fragment->len - bare;
	size_t used;

	to += choose_escape(buffer)(to, room, fragment->bytes, len, &used);
	memcpy(to, fragment->bytes + len, bare);
	return to + bare;
}

void format_buffer_make(struct format_buffer *buffer,
			const struct fragment *fragment)
{
	char *begin = buffer->bytes + buffer->used, *to = begin;

	if (fragment->stamp) {
		if (fragment->stamp->len)
			line_stamp_write(fragment->stamp, to);
		to += fragment->stamp->len;
		memcpy(to, buffer->prefix, buffer->prefix_len);
		to += buffer->prefix_len;
	}
	if (buffer->escaping) {
		to = write_escaped(buffer, to, fragment);
	} else {
		memcpy(to, fragment->bytes, fragment->len);
		to += fragment->len;
	}
	buffer->len = (size_t)(to - begin);
	if (fragment->ends)
		*to = '\n';
	buffer->made = true;
}

/* Formats a whole line of the first form, which is never escaped. */
static inline void format_line(struct format_buffer *buffer,
			       struct line_stamp *stamp, const char *line,
			       size_t len)
{
	char *to = buffer->bytes + buffer->used;

	if (stamp->len) {
		line_stamp_next(stamp);
		line_stamp_write(stamp, to);
	}
	memcpy(to + stamp->len, line, len + 1);
	buffer->len = stamp->len + len;
}

size_t format_buffer_make_line(struct format_buffer *buffer,
			       struct line_stamp *stamp, const char *bytes,
			       size_t n, size_t limit)
{
	const char *newline = memchr(bytes, '\n', n);
	const size_t len = newline ? (size_t)(newline - bytes) : 0;

	if (!newline || buffer->used + stamp->len + len + 1 >= limit)
		return 0;
	format_line(buffer, stamp, bytes, len);
	buffer->made = true;
	return len + 1;
}

size_t format_buffer_add_lines(struct format_buffer *buffer,
			       struct line_stamp *stamp, const char *bytes,
			       size_t n, size_t limit)
{
	const char *line = bytes, *end = bytes + n, *newline;

	while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
		const size_t len = (size_t)(newline - line);

		if (buffer->used + stamp->len + len + 1 >= limit)
			break;
		format_line(buffer, stamp, line, len);
		buffer->used += buffer->len + 1;
		line = newline + 1;
	}
	return (size_t)(line - bytes);
}

size_t format_buffer_measure(struct format_buffer *buffer,
			     const struct fragment *fragment, uint64_t left)
{
	size_t head =
	    fragment->stamp ? fragment->stamp->len + buffer->prefix_len : 0;
	size_t room, n;

	left = left > head ? left - head : 1;
	if (!buffer->escaping)
		return left < fragment->len ? (size_t)left : fragment->len;
	if (left < ESCAPE_MAX)
		left = ESCAPE_MAX;
	room = buffer->size - buffer->used;
	/* Alerts and status files may have the fragment as it was formatted. */
	choose_escape(buffer)(buffer->bytes + buffer->used,
			      left < room ? left : room, fragment->bytes,
			      fragment->len, &n);
	format_buffer_make(buffer, fragment);
	return n;
}

void format_buffer_lower_near(struct format_buffer *buffer, uint64_t near)
{
	if (near < buffer->near)
		buffer->near = near;
}

void format_buffer_make_again(struct format_buffer *buffer,
			      const struct fragment *fragment)
{
	if (buffer->wanted)
		format_buffer_make(buffer, fragment);
}

bool format_buffer_is_near(const struct format_buffer *buffer,
			   const struct fragment *fragment)
{
	return buffer->wanted &&
	       buffer->used + format_buffer_made(buffer, fragment) >=
		   buffer->near;
}

void format_buffer_keep(struct format_buffer *buffer,
			const struct fragment *fragment)
{
	if (buffer->wanted)
		buffer->used += format_buffer_made(buffer, fragment);
	buffer->made = buffer->wanted = false;
}

void format_buffer_flush(struct format_buffer *buffer)
{
	buffer->flushed = buffer->used;
}

size_t format_buffer_made(const struct format_buffer *buffer,
			  const struct fragment *fragment)
{
	return buffer->len + fragment->ends;
}

void format_buffer_want(struct format_buffer *buffer,
			const struct fragment *fragment)
{
	if (!buffer->made)
		format_buffer_make(buffer, fragment);
	buffer->wanted = true;
}
