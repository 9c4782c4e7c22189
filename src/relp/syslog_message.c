/*
 * Making messages of RFC 5424.  The header and the structured data are bounded:
 * each value has a limit, which is checked here, so that any line leaves room
 * for text.  Text is cut between characters.  A part holds text that needs no
 * escapes, as it is, or any text, all escaped: the choice is made for each part
 * and depends on its own text only.
 */
#include "relp/syslog_message.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/utc.h"

enum {
	FACILITY = 16 * 8, /* local0 */
	MARKS = 64,        /* room for add_marks and a space */
	TAB_ESCAPE = 4,
	MARK_BYTES = 3,
	MARK_ESCAPE = 12,
};

static const struct {
	const char *name;
	int severity;
} kinds[] = {
    [SYSLOG_TEXT] = {"line", 6},       [SYSLOG_RECORD] = {"record", 6},
    [SYSLOG_NOTE] = {"note", 5},       [SYSLOG_SESSION] = {"session", 6},
    [SYSLOG_MISSING] = {"missing", 4},
};

/* Receivers may remove U+FEFF where text begins. */
static const char byte_order_mark[] = "\xef\xbb\xbf";

/* A message that is being composed. */
struct composed {
	char *out;
	size_t len;
};

static void compose_bytes(struct composed *composed, const char *bytes,
			  size_t len)
{
	memcpy(composed->out + composed->len, bytes, len);
	composed->len += len;
}

static void compose_string(struct composed *composed, const char *string)
{
	compose_bytes(composed, string, strlen(string));
}

static void add_number(struct composed *composed, uint64_t number)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
	compose_string(composed, digits);
}

/* Adds a word of the header: printable ASCII, at most `most` bytes, or "-". */
static void add_word(struct composed *composed, const char *word, size_t most)
{
	size_t n = strnlen(word, most);

	if (!n)
		compose_string(composed, "-");
	for (size_t i = 0; i < n; i++) {
		char c = word[i] > ' ' && word[i] <= '~' ? word[i] : '_';

		compose_bytes(composed, &c, 1);
	}
}

/*
 * Adds bytes of a value of structured data: printable ASCII, with its escapes,
 * at most SYSLOG_VALUE_MAX bytes.
 */
static void add_value(struct composed *composed, const char *value, size_t len)
{
	size_t end = composed->len + SYSLOG_VALUE_MAX - 2;

	for (size_t i = 0; i < len && composed->len <= end; i++) {
		char c = value[i] >= ' ' && value[i] <= '~' ? value[i] : '_';

		if (c == '"' || c == '\\' || c == ']')
			compose_string(composed, "\\");
		compose_bytes(composed, &c, 1);
	}
}

static void add_time(struct composed *composed, const struct syslog_line *line)
{
	struct utc_formatter formatter = {.style = {'T', 6, UTC_ZONE_Z}};
	char text[UTC_TEXT];
	size_t n = line->dated ? utc_format(&formatter, text, &line->time) : 0;

	/* RFC 3339 has years of four digits. */
	if (n == sizeof "2026-11-20T23:19:54.000000Z" - 1)
		compose_bytes(composed, text, n);
	else
		compose_string(composed, "-");
}

static bool has_pid(const struct syslog_line *line)
{
	return line->kind == SYSLOG_RECORD || line->kind == SYSLOG_NOTE;
}

static void add_header(struct composed *composed,
		       const struct syslog_line *line)
{
	compose_string(composed, "<");
	add_number(composed, (uint64_t)(FACILITY + kinds[line->kind].severity));
	compose_string(composed, ">1 ");
	add_time(composed, line);
	compose_string(composed, " ");
	add_word(composed, line->host, SYSLOG_HOST_MAX);
	compose_string(composed, " ");
	add_word(composed, line->name, SYSLOG_NAME_MAX);
	compose_string(composed, " ");
	if (has_pid(line))
		add_number(composed, line->pid);
	else
		compose_string(composed, "-");
	compose_string(composed, " ");
	compose_string(composed, kinds[line->kind].name);
}

static void add_data(struct composed *composed, const struct syslog_line *line,
		     uint64_t part)
{
	compose_string(composed, " [rlog@32473 id=\"");
	add_value(composed, line->id, strlen(line->id));
	if (part > 1) {
		compose_string(composed, "/");
		add_number(composed, part);
	}
	compose_string(composed, "\"");
	if (line->label_len) {
		compose_string(composed, " label=\"");
		add_value(composed, line->label, line->label_len);
		compose_string(composed, "\"");
	}
	if (line->kind != SYSLOG_RECORD)
		return;
	compose_string(composed, " dir=\"");
	add_value(composed, &line->direction, 1);
	compose_string(composed, "\"");
	if (line->dump)
		compose_string(composed, " dump=\"1\"");
	if (line->more)
		compose_string(composed, " more=\"1\"");
	if (line->eof)
		compose_string(composed, " eof=\"1\"");
}

static bool has_byte_order_mark(const char *text, size_t len)
{
	return len >= MARK_BYTES &&
	       memcmp(text, byte_order_mark, MARK_BYTES) == 0;
}

/* True if receivers store the text as it is. */
static bool is_safe_text(const char *text, size_t len)
{
	size_t n;

	if (has_byte_order_mark(text, len))
		return false;
	for (size_t i = 0; i < len; i += n) {
		unsigned char c = (unsigned char)text[i];

		n = c < 0x80 ? c >= ' ' && c < 0x7f
			     : escape_utf8(text + i, len - i);
		if (!n || escape_is_control(text + i, n))
			return false;
	}
	return true;
}

/* The length of the text that fits into room bytes without escapes. */
static size_t cut_text(const char *text, size_t len, size_t room)
{
	size_t n = room;

	if (len <= room)
		return len;
	while (n > room - 4 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/*
 * Writes text with escapes, as much as fits into room bytes.  Returns the
 * number of bytes written; *used is the number of bytes of text.
 */
static size_t escape_all(char *out, size_t room, const char *text, size_t len,
			 size_t *used)
{
	const char *end = text + len, *at = text, *tab;
	size_t written = 0, n, taken;

	if (has_byte_order_mark(text, len)) {
		memcpy(out, "\\xef\\xbb\\xbf", MARK_ESCAPE);
		written = MARK_ESCAPE;
		at += MARK_BYTES;
	}
	while (at < end) {
		tab = memchr(at, '\t', (size_t)(end - at));
		n = (size_t)((tab ? tab : end) - at);
		written +=
		    escape_text(out + written, room - written, at, n, &taken);
		at += taken;
		if (taken < n || !tab || room - written < TAB_ESCAPE)
			break;
		memcpy(out + written, "\\x09", TAB_ESCAPE);
		written += TAB_ESCAPE;
		at++;
	}
	*used = (size_t)(at - text);
	return written;
}

static void add_marks(struct composed *composed, const struct syslog_line *line,
		      const struct syslog_part *part, bool escaped)
{
	if (escaped)
		compose_string(composed, " escaped=\"1\"");
	if (part->number > 1 || !part->done) {
		compose_string(composed, " part=\"");
		add_number(composed, part->number);
		compose_string(composed, "\"");
	}
	if (part->number > 1 || line->rest)
		compose_string(composed, " rest=\"1\"");
	if (!part->done || line->cut)
		compose_string(composed, " cut=\"1\"");
	compose_string(composed, "]");
}

size_t syslog_message_next(char out[SYSLOG_MAX], const struct syslog_line *line,
			   struct syslog_part *part)
{
	struct composed composed = {out, 0};
	const char *text = line->text + part->offset;
	char escapes[SYSLOG_MAX];
	size_t len = line->len - part->offset, room, used, n;
	bool safe;

	if (part->done)
		return 0;
	part->number++;
	add_header(&composed, line);
	add_data(&composed, line, part->number);
	room = SYSLOG_MAX - composed.len - MARKS;
	used = n = cut_text(text, len, room);
	safe = is_safe_text(text, used);
	if (!safe)
		n = escape_all(escapes, room, text, len, &used);
	part->offset += used;
	part->done = part->offset == line->len;
	add_marks(&composed, line, part, !safe);
	if (n)
		compose_string(&composed, " ");
	compose_bytes(&composed, safe ? text : escapes, n);
	return composed.len;
}
