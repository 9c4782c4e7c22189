/* Objects in JSON; see object.h. */
#include "object.h"

#include <string.h>

#include "format.h"
#include "json.h"

void object_begin(struct out *o, const char *name, uint64_t number)
{
	out_string(o, "{\"");
	out_string(o, name);
	out_string(o, "\":");
	out_number(o, number);
}

void object_key(struct out *o, const char *name)
{
	out_string(o, ",\"");
	out_string(o, name);
	out_string(o, "\":");
}

void object_number(struct out *o, const char *name, uint64_t number)
{
	object_key(o, name);
	out_number(o, number);
}

void object_text(struct out *o, const char *name, const char *text, size_t len)
{
	if (!len)
		return;
	out_string(o, ",\"");
	out_string(o, name);
	out_string(o, json_is_text(text, len) ? "\":" : "_base64\":");
	out_json_string(o, text, len);
}

void object_string(struct out *o, const char *name, const char *text)
{
	object_text(o, name, text, strlen(text));
}

void object_time(struct out *o, const char *name, int64_t time)
{
	char text[FORMAT_MAX];

	if (time != STAMP_NONE)
		object_text(o, name, text, format_utc(text, time));
}

void object_seconds(struct out *o, const char *name, int64_t time, int64_t end)
{
	char text[FORMAT_MAX];

	if (time == STAMP_NONE || end == STAMP_NONE)
		return;
	object_key(o, name);
	out_bytes(o, text, format_seconds(text, end - time));
}

void object_names(struct out *o, const char *name, const char *names)
{
	size_t n;

	object_key(o, name);
	out_string(o, "[");
	for (; *names; names += n) {
		n = strcspn(names, ",");
		out_json(o, names, n);
		if (names[n]) {
			out_string(o, ",");
			n++;
		}
	}
	out_string(o, "]");
}

struct array {
	struct out *out;
	const char *comma;
};

static int give(void *ctx, const char *text, size_t len)
{
	struct array *a = ctx;
	const char *newline;
	size_t n;

	for (; len; text += n + 1, len -= n + 1) {
		newline = memchr(text, '\n', len);
		n = (size_t)(newline - text);
		out_string(a->out, a->comma);
		out_json(a->out, text, n);
		a->comma = ",";
	}
	return 0;
}

int object_lines(struct out *o, const char *name, struct held_store *store,
		 const struct held *lines)
{
	struct array a = {o, ""};

	object_key(o, name);
	out_string(o, "[");
	if (held_each(store, lines, give, &a) < 0)
		return -1;
	out_string(o, "]");
	return 0;
}

void object_end(struct out *o)
{
	out_string(o, "}\n");
}
