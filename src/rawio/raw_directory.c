/*
 * The values come from the environment, which a login program sets from what a
 * client sent and a user database answered.  A value that is not safe is
 * refused, not changed: two users must not get one directory.  The percent
 * signs of a value are not fields.
 */
#include "rawio/raw_directory.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "rawio/raw_files.h"

static const char letters[] = "undrh%";

bool raw_directory_is_valid(const char *name)
{
	for (; (name = strchr(name, '%')); name += 2)
		if (!name[1] || !strchr(letters, name[1]))
			return false;
	return true;
}

/* True if no byte of the text is a tab or unsafe to print. */
static bool needs_no_escape(const char *text, size_t len)
{
	char escaped[ESCAPE_MAX];
	size_t n, used;

	if (memchr(text, '\t', len))
		return false;
	for (; len; text += used, len -= used) {
		n = escape_shown(escaped, sizeof escaped, text, len, &used);
		if (n != used || memcmp(escaped, text, n) != 0)
			return false;
	}
	return true;
}

static bool is_safe_name(const char *text, size_t len)
{
	return len <= RAW_DIRECTORY_NAME && *text != '.' &&
	       !memchr(text, '/', len) && needs_no_escape(text, len);
}

static bool is_safe_home(const char *text, size_t len)
{
	const char *part = text;

	for (; (part = strstr(part, "/..")); part++)
		if (!part[3] || part[3] == '/')
			return false;
	return *text == '/' && needs_no_escape(text, len);
}

/*
 * Finds the value of a field, in the environment or in the buffer.  Returns its
 * length; 0 if it has none.
 */
static size_t find_value(char letter, const char **value,
			 char peer[RAW_FILES_PEER_MAX])
{
	const char *text = getenv(letter == 'h' ? "HOME" : "USER");
	const char *at = text ? strrchr(text, '@') : NULL;

	if (letter == '%')
		text = "%";
	else if (letter == 'r')
		text = raw_files_peer(peer, 0) ? peer : NULL;
	else if (letter == 'd')
		text = at ? at + 1 : NULL;
	*value = text;
	if (letter == 'n' && at)
		return (size_t)(at - text);
	return text ? strlen(text) : 0;
}

/* Appends a field.  Returns what raw_directory_expand does. */
static enum raw_directory_fault append_field_value(char letter, char *path,
						   size_t *used)
{
	char peer[RAW_FILES_PEER_MAX];
	const char *value;
	size_t len = find_value(letter, &value, peer);

	if (!len)
		return RAW_DIRECTORY_UNSET;
	if (!(letter == 'h' ? is_safe_home(value, len)
			    : is_safe_name(value, len)))
		return RAW_DIRECTORY_UNSAFE;
	if (len >= RAW_DIRECTORY_SIZE - *used)
		return RAW_DIRECTORY_LONG;
	memcpy(path + *used, value, len);
	*used += len;
	return RAW_DIRECTORY_GOOD;
}

enum raw_directory_fault raw_directory_expand(char path[RAW_DIRECTORY_SIZE],
					      const char *name, char *field)
{
	enum raw_directory_fault fault = RAW_DIRECTORY_GOOD;
	size_t used = 0;

	for (; *name && fault == RAW_DIRECTORY_GOOD; name++) {
		*field = *name == '%' ? *++name : 0;
		if (*field)
			fault = append_field_value(*field, path, &used);
		else if (used < RAW_DIRECTORY_SIZE - 1)
			path[used++] = *name;
		else
			fault = RAW_DIRECTORY_LONG;
	}
	path[fault == RAW_DIRECTORY_GOOD ? used : 0] = 0;
	return fault;
}
