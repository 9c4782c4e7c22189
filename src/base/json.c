/*
 * The JSON writer.  It keeps no stack: `comma` is all that a value must know of
 * its neighbours, since opening an object or array clears it and every complete
 * value sets it.  The caller is trusted to pair opening and closing.
 */
#include "base/json.h"

#include <string.h>

#include "base/base64.h"
#include "base/escape.h"
#include "base/hex.h"

enum {
	WINDOW = 256, /* bytes searched at once for one that needs an escape */
	ENCODED_AT_ONCE = 384, /* bytes, whole groups of three */
	CHARACTER_MAX = 6,
	MARKS = 5, /* around a name: comma, quotes, colon, first byte */
};

void json_init(struct json *json, struct output *output)
{
	json->output = output;
	json->comma = false;
}

/* Adds the comma and the name before a value, and its first byte, unless 0. */
static void begin_value(struct json *json, const char *name, char first)
{
	const size_t len = name ? strlen(name) : 0;
	char *room = output_reserve(json->output, len + MARKS), *at = room;

	if (json->comma)
		*at++ = ',';
	if (name) {
		*at++ = '"';
		at = mempcpy(at, name, len);
		*at++ = '"';
		*at++ = ':';
	}
	if (first)
		*at++ = first;
	output_advance(json->output, (size_t)(at - room));
	json->comma = true;
}

static void open_bracket(struct json *json, const char *name, char bracket)
{
	begin_value(json, name, bracket);
	json->comma = false;
}

static void close_bracket(struct json *json, const char *bracket)
{
	output_bytes(json->output, bracket, 1);
	json->comma = true;
}

void json_open_object(struct json *json, const char *name)
{
	open_bracket(json, name, '{');
}

void json_close_object(struct json *json)
{
	close_bracket(json, "}");
}

void json_open_array(struct json *json, const char *name)
{
	open_bracket(json, name, '[');
}

void json_close_array(struct json *json)
{
	close_bracket(json, "]");
}

static bool is_utf8(const char *text, size_t len)
{
	size_t i = 0, n;

	while (i < len) {
		i += escape_plain(text + i, len - i);
		if (i == len)
			break;
		n = (unsigned char)text[i] < 0x80
			? 1
			: escape_utf8(text + i, len - i);
		if (!n)
			return false;
		i += n;
	}
	return true;
}

static size_t escape_unicode(char *out, unsigned int c)
{
	*out++ = '\\';
	*out++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*out++ = HEX_DIGITS[c >> shift & 15];
	return 6;
}

/* Returns the code point of a valid UTF-8 character of two or three bytes. */
static unsigned int code_point(const char *text, size_t n)
{
	const unsigned char *c = (const unsigned char *)text;

	if (n == 2)
		return (c[0] & 0x1fU) << 6 | (c[1] & 0x3f);
	return (c[0] & 0x0fU) << 12 | (c[1] & 0x3fU) << 6 | (c[2] & 0x3f);
}

/*
 * Writes the character that text begins with, escaped if it must be, to out,
 * and returns the length; *used gets the character's length in text.
 */
static size_t write_character(char out[CHARACTER_MAX], const char *text,
			      size_t len, size_t *used)
{
	unsigned char c = (unsigned char)*text;

	*used = 1;
	switch (c) {
	case '"':
	case '\\': out[0] = '\\'; break;
	case '\t': return memcpy(out, "\\t", 2), 2;
	case '\r': return memcpy(out, "\\r", 2), 2;
	case '\n': return memcpy(out, "\\n", 2), 2;
	default:
		if (c < 0x80)
			return escape_unicode(out, c);
		*used = escape_utf8(text, len);
		if (escape_is_control(text, *used))
			return escape_unicode(out, code_point(text, *used));
		memcpy(out, text, *used);
		return *used;
	}
	out[1] = (char)c;
	return 2;
}

/* Returns the length of leading bytes, in the window, that need no escape. */
static size_t count_plain(const char *text, size_t len)
{
	const char *stop;

	len = escape_plain(text, len < WINDOW ? len : WINDOW);
	if ((stop = memchr(text, '"', len)))
		len = (size_t)(stop - text);
	if ((stop = memchr(text, '\t', len)))
		len = (size_t)(stop - text);
	return len;
}

static void add_escaped(struct output *output, const char *text, size_t len)
{
	char character[CHARACTER_MAX];
	size_t n, used;

	while (len) {
		used = count_plain(text, len);
		if (used) {
			output_bytes(output, text, used);
		} else {
			n = write_character(character, text, len, &used);
			output_bytes(output, character, n);
		}
		text += used;
		len -= used;
	}
}

static void add_base64(struct output *output, const char *text, size_t len)
{
	char encoded[BASE64_SIZE(ENCODED_AT_ONCE)];
	size_t n;

	for (; len; text += n, len -= n) {
		n = len < ENCODED_AT_ONCE ? len : ENCODED_AT_ONCE;
		base64_encode(encoded, text, n);
		output_bytes(output, encoded, BASE64_SIZE(n));
	}
}

void json_text(struct json *json, const char *name, const char *text,
	       size_t len)
{
	size_t plain = count_plain(text, len);

	if (is_utf8(text + plain, len - plain)) {
		begin_value(json, name, '"');
		output_bytes(json->output, text, plain);
		add_escaped(json->output, text + plain, len - plain);
		output_bytes(json->output, "\"", 1);
	} else {
		begin_value(json, name, '{');
		output_string(json->output, "\"base64\":\"");
		add_base64(json->output, text, len);
		output_string(json->output, "\"}");
	}
}

void json_plain(struct json *json, const char *name, const char *text,
		size_t len)
{
	begin_value(json, name, '"');
	output_bytes(json->output, text, len);
	output_bytes(json->output, "\"", 1);
}

void json_string(struct json *json, const char *name, const char *text)
{
	json_text(json, name, text, strlen(text));
}

void json_number(struct json *json, const char *name, uint64_t number)
{
	begin_value(json, name, 0);
	output_number(json->output, number);
}

void json_bool(struct json *json, const char *name, bool value)
{
	begin_value(json, name, 0);
	output_string(json->output, value ? "true" : "false");
}

void json_members(struct json *json, const char *members, size_t len)
{
	begin_value(json, NULL, 0);
	output_bytes(json->output, members, len);
}

void json_value(struct json *json, const char *name, const char *value,
		size_t len)
{
	begin_value(json, name, 0);
	output_bytes(json->output, value, len);
}
