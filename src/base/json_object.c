/*
 * The JSON reader.  Invariant: `at` never passes `end`, and each reading
 * function either moves `at` over one token or returns false.  Decoded text is
 * never longer than the text that it is decoded from: six bytes of an escape
 * become at most three, and twelve of a pair of surrogates four.
 *
 * Tested by tests/unit/base/line_restore.c.
 */
#include "base/json_object.h"

#include <string.h>

#include "base/base64.h"
#include "base/hex.h"

static void skip_space(struct json_object *object)
{
	while (object->at < object->end && *object->at &&
	       strchr(" \t\r\n", *object->at))
		object->at++;
}

static bool read_token(struct json_object *object, char token)
{
	skip_space(object);
	if (object->at == object->end || *object->at != token)
		return false;
	object->at++;
	return true;
}

/* Reads a string; its escapes are checked when it is decoded. */
static bool read_string(struct json_object *object, const char **text,
			size_t *len)
{
	const char *at;

	if (!read_token(object, '"'))
		return false;
	for (at = object->at; at < object->end && *at != '"'; at++) {
		if ((unsigned char)*at < ' ')
			return false;
		if (*at == '\\' && ++at == object->end)
			return false;
	}
	if (at == object->end)
		return false;
	*text = object->at;
	*len = (size_t)(at - object->at);
	object->at = at + 1;
	return true;
}

static bool read_word(struct json_object *object, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(object->end - object->at) < len ||
	    memcmp(object->at, word, len) != 0)
		return false;
	object->at += len;
	return true;
}

static bool read_json_number(struct json_object *object)
{
	const char *start = object->at;

	while (object->at < object->end && *object->at >= '0' &&
	       *object->at <= '9')
		object->at++;
	return object->at > start && (*start != '0' || object->at == start + 1);
}

static bool read_base64(struct json_object *object, struct json_member *member)
{
	const char *name;
	size_t len;

	return read_token(object, '{') && read_string(object, &name, &len) &&
	       len == 6 && memcmp(name, "base64", len) == 0 &&
	       read_token(object, ':') &&
	       read_string(object, &member->value, &member->len) &&
	       read_token(object, '}');
}

static bool read_value(struct json_object *object, struct json_member *member)
{
	bool read;

	skip_space(object);
	if (object->at == object->end)
		return false;
	member->value = object->at;
	switch (*object->at) {
	case '"':
		member->kind = JSON_STRING;
		return read_string(object, &member->value, &member->len);
	case '{':
		member->kind = JSON_BASE64;
		return read_base64(object, member);
	case 't':
	case 'f':
		member->kind = JSON_BOOL;
		read = read_word(object, "true") || read_word(object, "false");
		break;
	default: member->kind = JSON_NUMBER; read = read_json_number(object);
	}
	member->len = (size_t)(object->at - member->value);
	return read;
}

bool json_object_open(struct json_object *object, const char *text, size_t len)
{
	*object = (struct json_object){.at = text, .end = text + len};
	return read_token(object, '{');
}

int json_object_next(struct json_object *object, struct json_member *member)
{
	if (read_token(object, '}')) {
		skip_space(object);
		return object->at == object->end ? 0 : -1;
	}
	if (object->comma && !read_token(object, ','))
		return -1;
	object->comma = true;
	return read_string(object, &member->name, &member->name_len) &&
		       read_token(object, ':') && read_value(object, member)
		   ? 1
		   : -1;
}

bool json_member_is(const struct json_member *member, const char *name)
{
	return member->name_len == strlen(name) &&
	       memcmp(member->name, name, member->name_len) == 0;
}

bool json_member_is_true(const struct json_member *member)
{
	return member->kind == JSON_BOOL && *member->value == 't';
}

/* Reads four hexadecimal digits.  Returns -1 if there are fewer. */
static long read_unit(const char *text, const char *end)
{
	long unit = 0;

	if (end - text < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int digit = hex_value(text[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

/*
 * Reads the code point of the escape whose digits begin at *at, which moves
 * behind it.  Returns -1 if there is none.
 */
static long read_code_point(const char **at, const char *end)
{
	long high = read_unit(*at, end), low;

	if (high < 0)
		return -1;
	*at += 4;
	if (high < 0xd800 || high > 0xdfff)
		return high;
	if (high > 0xdbff || end - *at < 6 || (*at)[0] != '\\' ||
	    (*at)[1] != 'u')
		return -1;
	low = read_unit(*at + 2, end);
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	*at += 6;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static size_t encode_utf8(char *out, long c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 63));
		out[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 63));
	out[2] = (char)(0x80 | (c >> 6 & 63));
	out[3] = (char)(0x80 | (c & 63));
	return 4;
}

/*
 * Decodes the escape after the backslash at *at - 1, and moves *at behind it.
 * Returns the number of bytes written, or 0 if the escape is wrong.
 */
static size_t decode_json_escape(char *out, const char **at, const char *end)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *letter;
	long c;

	if (**at == 'u') {
		++*at;
		c = read_code_point(at, end);
		return c < 0 ? 0 : encode_utf8(out, c);
	}
	letter = memchr(letters, **at, sizeof letters - 1);
	if (!letter)
		return 0;
	++*at;
	*out = bytes[letter - letters];
	return 1;
}

static long decode_string(char *out, const char *text, size_t len)
{
	const char *at = text, *end = text + len, *plain;
	char *to = out;
	size_t n;

	while (at < end) {
		plain = memchr(at, '\\', (size_t)(end - at));
		n = (size_t)((plain ? plain : end) - at);
		memcpy(to, at, n);
		to += n;
		at += n;
		if (at == end)
			break;
		at++;
		n = decode_json_escape(to, &at, end);
		if (!n)
			return -1;
		to += n;
	}
	return (long)(to - out);
}

static long decode_json_base64(char *out, const char *text, size_t len)
{
	size_t digits = len;

	if (len % 4)
		return -1;
	while (len - digits < 2 && digits && text[digits - 1] == '=')
		digits--;
	return base64_decode(out, len, text, digits);
}

long json_member_text(const struct json_member *member, char *out)
{
	switch (member->kind) {
	case JSON_STRING: return decode_string(out, member->value, member->len);
	case JSON_BASE64:
		return decode_json_base64(out, member->value, member->len);
	default: return -1;
	}
}
