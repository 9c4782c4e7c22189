/*
 * The JSON writer.  It keeps no stack: `comma` is all that a value must know of
 * its neighbours, since opening an object or array clears it and every complete
 * value sets it.  The caller is trusted to pair opening and closing.
 */
#include "base/json.h"

#include <string.h>

#include "base/escape.h"
#include "base/hex.h"

enum {
	WINDOW = 256, /* bytes searched at once for one that needs an escape */
	GROUPS = 128, /* of three bytes, turned into base64 at once */
	CHARACTER_MAX = 6,
};

void json_init(struct json *json, struct output *output)
{
	json->output = output;
	json->comma = false;
}

static void begin_value(struct json *json, const char *name)
{
	if (name) {
		output_string(json->output, json->comma ? ",\"" : "\"");
		output_string(json->output, name);
		output_string(json->output, "\":");
	} else if (json->comma) {
		output_string(json->output, ",");
	}
	json->comma = true;
}

static void open_bracket(struct json *json, const char *name,
			 const char *bracket)
{
	begin_value(json, name);
	output_bytes(json->output, bracket, 1);
	json->comma = false;
}

static void close_bracket(struct json *json, const char *bracket)
{
	output_bytes(json->output, bracket, 1);
	json->comma = true;
}

void json_open_object(struct json *json, const char *name)
{
	open_bracket(json, name, "{");
}

void json_close_object(struct json *json)
{
	close_bracket(json, "}");
}

void json_open_array(struct json *json, const char *name)
{
	open_bracket(json, name, "[");
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

/* Encodes one to three bytes as four characters. */
static void encode_group(char out[4], const unsigned char *in, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned long bits = (unsigned long)in[0] << 16;

	if (len > 1)
		bits |= (unsigned long)in[1] << 8;
	if (len > 2)
		bits |= in[2];
	out[0] = digits[bits >> 18];
	out[1] = digits[bits >> 12 & 63];
	out[2] = len > 1 ? digits[bits >> 6 & 63] : '=';
	out[3] = len > 2 ? digits[bits & 63] : '=';
}

static void add_base64(struct output *output, const char *text, size_t len)
{
	const unsigned char *in = (const unsigned char *)text;
	char encoded[4 * GROUPS];
	size_t n = 0;

	for (size_t i = 0; i < len; i += 3) {
		encode_group(encoded + n, in + i, len - i);
		n += 4;
		if (n == sizeof encoded) {
			output_bytes(output, encoded, n);
			n = 0;
		}
	}
	output_bytes(output, encoded, n);
}

void json_text(struct json *json, const char *name, const char *text,
	       size_t len)
{
	size_t plain = count_plain(text, len);

	begin_value(json, name);
	if (is_utf8(text + plain, len - plain)) {
		output_bytes(json->output, "\"", 1);
		output_bytes(json->output, text, plain);
		add_escaped(json->output, text + plain, len - plain);
		output_bytes(json->output, "\"", 1);
	} else {
		output_string(json->output, "{\"base64\":\"");
		add_base64(json->output, text, len);
		output_string(json->output, "\"}");
	}
}

void json_plain(struct json *json, const char *name, const char *text,
		size_t len)
{
	begin_value(json, name);
	output_bytes(json->output, "\"", 1);
	output_bytes(json->output, text, len);
	output_bytes(json->output, "\"", 1);
}

void json_string(struct json *json, const char *name, const char *text)
{
	json_text(json, name, text, strlen(text));
}

void json_number(struct json *json, const char *name, uint64_t number)
{
	begin_value(json, name);
	output_number(json->output, number);
}

void json_bool(struct json *json, const char *name, bool value)
{
	begin_value(json, name);
	output_string(json->output, value ? "true" : "false");
}

void json_value(struct json *json, const char *name, const char *value,
		size_t len)
{
	begin_value(json, name);
	output_bytes(json->output, value, len);
}
