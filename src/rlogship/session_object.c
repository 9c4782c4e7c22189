/*
 * Objects of sessions.
 *
 * Members are found by their names in quotes, which no value can contain: a
 * quote within a text has a backslash before it.  The id is made of the djb
 * label of the session's first line and of its process ID; so it depends on the
 * log and on nothing else.
 *
 * Tested by tests/unit/rlogship/session_object.c.
 */
#include "rlogship/session_object.h"

#include <string.h>

#include "base/label.h"
#include "base/utc.h"

/* Returns the value behind `"name":`, or NULL. */
static const char *find_member_value(const char *text, size_t len,
				     const char *name)
{
	const char *found = memmem(text, len, name, strlen(name));

	return found ? found + strlen(name) : NULL;
}

/* Writes the label of the session's start to label.  False if it has none. */
static bool read_start(char label[LABEL_LEN + 1], const char *text, size_t len)
{
	const char *value = find_member_value(text, len, "\"start\":\"");
	struct timespec time;
	struct tain_s start;

	if (!value || !utc_parse(&time, value, len - (size_t)(value - text)) ||
	    !label_from_time(&start, &time, LABEL_DJB))
		return false;
	label_format(label, &start);
	label[LABEL_LEN] = 0;
	return true;
}

bool session_object_write(FILE *out, const struct log_name *origin,
			  const char *text, size_t len)
{
	const char *value = find_member_value(text, len, "\"pid\":");
	const char *lines = find_member_value(text, len, ",\"lines\":[");
	char label[LABEL_LEN + 1];
	size_t digits = 0;

	if (!value || !lines || *text != '{' || text[len - 1] != '}' ||
	    !read_start(label, text, len))
		return false;
	while (value[digits] >= '0' && value[digits] <= '9')
		digits++;
	if (!digits || digits > 20)
		return false;
	fprintf(out,
		"{\"host\":\"%s\",\"name\":\"%s\",\"id\":\"%s/%s/%s/%.*s\",",
		origin->host, origin->name, origin->host, origin->name, label,
		(int)digits, value);
	fwrite(text + 1, 1, (size_t)(lines - text) - 1 - strlen(",\"lines\":["),
	       out);
	fputs("}\n", out);
	return true;
}

const char *session_object_id(char id[SHIP_ID_MAX], const char *text,
			      size_t len)
{
	const char *value = find_member_value(text, len, "\"id\":\"");
	const char *end =
	    value ? memchr(value, '"', len - (size_t)(value - text)) : NULL;
	char *slash;

	if (!end || end - value >= SHIP_ID_MAX)
		return NULL;
	memcpy(id, value, (size_t)(end - value));
	id[end - value] = 0;
	slash = strchr(id, '/');
	slash = slash ? strchr(slash + 1, '/') : NULL;
	return slash ? slash + 1 : NULL;
}
