/*
 * Login names.  A name is taken only where the protocol has it: the password of
 * LOGIN follows the name in a line of its own, so that a name is expected for
 * one line, and no more once the server refuses, asks for the password, or
 * lines are missing.  In the response of PLAIN, AUTHZID NUL NAME NUL PASSWORD,
 * the second NUL must be there: without it the last part might be a password.
 * Tested by tests/unit/rlogsess/login_names.c.
 */
#include "rlogsess/grouping/login_names.h"

#include <string.h>

#include "base/base64.h"
#include "base/escape.h"
#include "rlogsess/slice.h"

enum { DECODED = 256, NAME_MAX_LEN = 4 * DECODED };

/* Adds a name unless it is in the list. */
static void keep_login_name(struct login_names *names, struct slice name)
{
	for (const char *p = NULL; (p = string_list_next(&names->user, p));)
		if (slice_equal(name, p))
			return;
	if (name.len)
		string_list_add(&names->user, name.at, name.len);
}

static void add_bytes(struct login_names *names, const char *bytes, size_t len)
{
	char text[NAME_MAX_LEN];
	size_t used;

	len = escape_text(text, sizeof text, bytes, len, &used);
	keep_login_name(names, (struct slice){text, len});
}

/* Decodes base64.  Returns the length, or 0 if the text is anything else. */
static size_t decode_text(char bytes[DECODED], struct slice text)
{
	long len;

	while (text.len && text.at[text.len - 1] == '=')
		text.len--;
	len = base64_decode(bytes, DECODED, text.at, text.len);
	return len < 0 ? 0 : (size_t)len;
}

static void take_plain(struct login_names *names, struct slice text)
{
	char bytes[DECODED];
	size_t len = decode_text(bytes, text);
	const char *end = bytes + len, *name, *stop;

	name = len ? memchr(bytes, 0, len) : NULL;
	if (!name)
		return;
	name++;
	stop = name < end ? memchr(name, 0, (size_t)(end - name)) : NULL;
	if (stop)
		add_bytes(names, name, (size_t)(stop - name));
}

static void take_name(struct login_names *names, struct slice text)
{
	char bytes[DECODED];

	add_bytes(names, bytes, decode_text(bytes, text));
}

static bool equals_word(struct slice word, const char *name)
{
	return slice_word(&word, name) && !word.len;
}

/* Removes a word, or a string in quotes, whose content it returns. */
static struct slice cut_word(struct slice *text)
{
	struct slice word;

	while (slice_prefix(text, " ")) {
	}
	if (!slice_prefix(text, "\""))
		return slice_until(text, ' ');
	word = *text;
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] == '\\') {
			i++;
		} else if (word.at[i] == '"') {
			word.len = i;
			slice_skip(text, i + 1);
			return word;
		}
	}
	return (struct slice){text->at, 0};
}

static void take_mechanism(struct login_names *names, struct slice rest)
{
	struct slice mechanism = cut_word(&rest), response = cut_word(&rest);

	if (equals_word(mechanism, "PLAIN")) {
		names->wait = response.len ? LOGIN_COMMAND : LOGIN_PLAIN;
		take_plain(names, response);
	} else if (equals_word(mechanism, "LOGIN")) {
		names->wait = response.len ? LOGIN_COMMAND : LOGIN_NAME;
		take_name(names, response);
	}
}

/* "NAME PASSWORD", where NAME may be a literal: "{5}" or "{5+}". */
static void take_login(struct login_names *names, struct slice rest)
{
	struct slice name = cut_word(&rest), literal = name;
	uint64_t n;

	if (!slice_prefix(&literal, "{")) {
		if (!slice_equal(name, "***"))
			keep_login_name(names, name);
	} else if (slice_number(&literal, DECODED, &n)) {
		names->wait = LOGIN_LITERAL;
		names->literal = (size_t)n;
	}
}

static void take_xclient(struct login_names *names, struct slice rest)
{
	struct slice word;

	while ((word = cut_word(&rest)).len)
		if (slice_word(&word, "LOGIN=") && word.len &&
		    !equals_word(word, "[UNAVAILABLE]"))
			keep_login_name(names, word);
}

static void take_command(struct login_names *names, struct slice text)
{
	struct slice first = cut_word(&text), second, rest = text;

	second = cut_word(&rest);
	if (equals_word(first, "AUTH") || equals_word(first, "AUTHENTICATE"))
		take_mechanism(names, text);
	else if (equals_word(first, "USER") || equals_word(first, "APOP"))
		take_login(names, text);
	else if (equals_word(first, "XCLIENT"))
		take_xclient(names, text);
	else if (equals_word(first, "AUTHINFO") && equals_word(second, "USER"))
		take_login(names, rest);
	else if (equals_word(second, "LOGIN"))
		take_login(names, rest);
	else if (equals_word(second, "AUTHENTICATE"))
		take_mechanism(names, rest);
}

static void take_literal_name(struct login_names *names, struct slice text)
{
	struct slice name = {text.at, names->literal};

	if (text.len >= name.len && !slice_equal(name, "***"))
		keep_login_name(names, name);
}

bool login_names_take(struct login_names *names, const char *text, size_t len)
{
	enum login_wait wait = names->wait;
	struct slice line = {text, len};

	names->wait = LOGIN_COMMAND;
	switch (wait) {
	case LOGIN_COMMAND: take_command(names, line); return false;
	case LOGIN_NAME: take_name(names, cut_word(&line)); break;
	case LOGIN_PLAIN: take_plain(names, cut_word(&line)); break;
	case LOGIN_LITERAL: take_literal_name(names, line); break;
	}
	return true;
}

static bool is_refusal(struct slice line)
{
	struct slice first = cut_word(&line), second = cut_word(&line);

	return (first.len >= 3 && (*first.at == '4' || *first.at == '5')) ||
	       equals_word(first, "-ERR") || equals_word(first, "NO") ||
	       equals_word(second, "NO") || equals_word(second, "BAD");
}

/* "334 UGFzc3dvcmQ6", "+ UGFzc3dvcmQ6" */
static bool asks_for_password(struct slice line)
{
	char prompt[DECODED];
	struct slice text = {prompt, 0};

	if (!slice_prefix(&line, "334 ") && !slice_prefix(&line, "+ "))
		return false;
	text.len = decode_text(prompt, cut_word(&line));
	return slice_word(&text, "pass");
}

void login_names_hear(struct login_names *names, const char *text, size_t len)
{
	struct slice line = {text, len};

	if (is_refusal(line) ||
	    (names->wait == LOGIN_NAME && asks_for_password(line)))
		names->wait = LOGIN_COMMAND;
}

void login_names_miss(struct login_names *names)
{
	names->wait = LOGIN_COMMAND;
}
