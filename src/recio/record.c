/*
 * Formats records: escaped or raw bytes, dumps, notes and ends. Each is one
 * line of at most RECORD_MAX bytes, so that one write holds it.
 */
#include "recio/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <skalibs/uint64.h>

#include "base/escape.h"
#include "base/hex.h"

void record_form_init(struct record_form *form, pid_t pid, bool labelled)
{
	char *end = form->head;

	*form = (struct record_form){.width = RECORD_MAX, .labelled = labelled};
	if (labelled) {
		end += LABEL_LEN;
		*end++ = ' ';
	}
	end += uint64_fmt(end, (uint64_t)pid);
	*end++ = ' ';
	end++; /* the direction */
	*end++ = ' ';
	form->head_len = (size_t)(end - form->head);
}

void record_form_label(struct record_form *form, const struct tain_s *label)
{
	if (form->labelled)
		label_format(form->head, label);
}

/* Copies a constant number of bytes, which is faster than the right number. */
static size_t put_head(const struct record_form *form, char *out, char dir)
{
	memcpy(out, form->head, RECORD_HEAD_MAX);
	out[form->head_len - 2] = dir;
	return form->head_len;
}

static size_t copy_raw_text(char *out, size_t room, const char *text,
			    size_t len)
{
	if (len > room)
		len = room;
	memcpy(out, text, len);
	return len;
}

/*
 * The payload of one line, of whose len bytes a newline follows if ends; *used
 * gets how many bytes found room.  A CR right before the newline stays.
 */
static size_t put_line_text(char *out, size_t room, struct record_span line,
			    bool ends, size_t *used)
{
	bool cr = ends && line.len && line.at[line.len - 1] == '\r';
	size_t n;

	/* Nearly all lines are plain and fit. */
	if (line.len <= room &&
	    escape_plain(line.at, line.len - cr) + cr == line.len)
		return *used = copy_raw_text(out, room, line.at, line.len);
	n = escape_text(out, room - cr, line.at, line.len - cr, used);
	if (cr && *used == line.len - 1) {
		out[n++] = '\r';
		++*used;
	}
	return n;
}

void record_skip(struct record_span *span, size_t n)
{
	span->at += n;
	span->len -= n;
	span->offset += n;
}

/* The columns stand where they do for a whole line of a dump. */
static size_t put_dump(const struct record_form *form, char *out, char dir,
		       struct record_span *span)
{
	size_t count = span->len, i;
	char *end = out + put_head(form, out, dir), *hex, *text;

	if (count > RECORD_DUMP)
		count = RECORD_DUMP;
	if (count > form->width)
		count = form->width;
	end += snprintf(end, RECORD_HEAD_MAX, "%08" PRIx64 "  ", span->offset);
	hex = end;
	text = hex + 3 * RECORD_DUMP + 2;
	memset(hex, ' ', (size_t)(text - hex));
	*text++ = '|';
	for (i = 0; i < count; i++) {
		unsigned char c = (unsigned char)span->at[i];

		hex[0] = HEX_DIGITS[c >> 4];
		hex[1] = HEX_DIGITS[c & 15];
		hex += i == RECORD_DUMP / 2 - 1 ? 4 : 3;
		*text++ = c >= ' ' && c <= '~' ? (char)c : '.';
	}
	*text++ = '|';
	*text++ = '\n';
	record_skip(span, count);
	return (size_t)(text - out);
}

static size_t put_record_line(const struct record_form *form, char *out,
			      char dir, struct record_span *span)
{
	size_t most = span->len < form->width ? span->len : form->width;
	const char *newline = memchr(span->at, '\n', most);
	struct record_span text = {
	    span->at, newline ? (size_t)(newline - span->at) : most, 0};
	size_t n = put_head(form, out, dir), room = RECORD_MAX - n - 2, used;

	if (form->raw)
		n += used = copy_raw_text(out + n, room, text.at, text.len);
	else
		n += put_line_text(out + n, room, text, newline != NULL, &used);
	if (newline && used == text.len) {
		out[n++] = ' ';
		used++;
	} else {
		out[n++] = '+';
	}
	out[n++] = '\n';
	record_skip(span, used);
	return n;
}

size_t record_data(const struct record_form *form, char *out, char dir,
		   struct record_span *span)
{
	return form->dump ? put_dump(form, out, dir, span)
			  : put_record_line(form, out, dir, span);
}

size_t record_eof(const struct record_form *form, char *out, char dir)
{
	static const char eof[] = "[EOF]\n";
	size_t n = put_head(form, out, dir);

	memcpy(out + n, eof, sizeof eof - 1);
	return n + sizeof eof - 1;
}

size_t record_note(const struct record_form *form, char *out, const char *text)
{
	size_t n = put_head(form, out, ':'), used;

	n +=
	    escape_text(out + n, RECORD_MAX - n - 1, text, strlen(text), &used);
	out[n++] = '\n';
	return n;
}
