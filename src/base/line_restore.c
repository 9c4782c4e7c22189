/*
 * The inverse of the JSON that rlogship sends.  A line is the label and a space
 * if there is a label, then the text, or a record (records.5) put together from
 * its members.  Its bytes are never more than those of its object, since each
 * member's name is longer than what the record adds to the value.
 *
 * The members are collected first, since JSON has no order of members.
 */
#include "base/line_restore.h"

#include <string.h>

#include "base/json_object.h"
#include "base/label.h"

enum { PID_MAX = 10, MEMBER_NAME = 8 };

/* The members that a line is made of, in the order of member_names. */
enum line_member {
	MEMBER_HOST,
	MEMBER_NAME_OF_LOG,
	MEMBER_ID,
	MEMBER_LABEL,
	MEMBER_TEXT,
	MEMBER_PID,
	MEMBER_DIR,
	MEMBER_PAYLOAD,
	MEMBER_DUMP,
	MEMBER_MORE,
	MEMBER_EOF,
	MEMBER_REST,
	MEMBER_CUT,
	MEMBER_MISSING,
	MEMBER_AFTER,
	MEMBER_BEFORE,
	MEMBERS
};

static const char member_names[MEMBERS][MEMBER_NAME] = {
    "host", "name", "id",  "label", "text", "pid",     "dir",   "payload",
    "dump", "more", "eof", "rest",  "cut",  "missing", "after", "before",
};

struct members {
	bool given[MEMBERS];
	struct json_member member[MEMBERS];
};

/* True for text that needs no escape, of printable ASCII. */
static bool is_plain_text(const struct json_member *member)
{
	if (member->kind != JSON_STRING)
		return false;
	for (size_t i = 0; i < member->len; i++)
		if (member->value[i] < ' ' || member->value[i] > '~' ||
		    member->value[i] == '\\')
			return false;
	return true;
}

static bool is_label(const struct json_member *member)
{
	struct tain_s label;

	return member->kind == JSON_STRING && member->len == LABEL_LEN &&
	       label_parse(&label, member->value, member->len);
}

static bool has_kind(enum line_member which, const struct json_member *member)
{
	switch (which) {
	case MEMBER_TEXT:
	case MEMBER_PAYLOAD:
		return member->kind == JSON_STRING ||
		       member->kind == JSON_BASE64;
	case MEMBER_PID:
		return member->kind == JSON_NUMBER && member->len <= PID_MAX;
	case MEMBER_DUMP:
	case MEMBER_MORE:
	case MEMBER_EOF:
	case MEMBER_REST:
	case MEMBER_CUT:
	case MEMBER_MISSING: return member->kind == JSON_BOOL;
	case MEMBER_AFTER:
	case MEMBER_BEFORE: return is_label(member);
	default: return is_plain_text(member);
	}
}

/* Keeps a member that is of use.  Returns false if it must not be there. */
static bool keep_member(struct members *members,
			const struct json_member *member)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		if (!json_member_is(member, member_names[i]))
			continue;
		if (members->given[i] || !has_kind((enum line_member)i, member))
			return false;
		members->given[i] = true;
		members->member[i] = *member;
	}
	return true;
}

static bool read_members(struct members *members, const char *json, size_t len)
{
	struct json_object object;
	struct json_member member;
	int r;

	if (!json_object_open(&object, json, len))
		return false;
	while ((r = json_object_next(&object, &member)) > 0)
		if (!keep_member(members, &member))
			return false;
	return r == 0;
}

static bool is_set(const struct members *members, enum line_member which)
{
	return members->given[which] &&
	       json_member_is_true(&members->member[which]);
}

static void set_slice(const struct members *members, enum line_member which,
		      const char **text, size_t *len)
{
	*text = members->given[which] ? members->member[which].value : "";
	*len = members->given[which] ? members->member[which].len : 0;
}

static void append_plain(struct restored_line *line, char *out,
			 const struct json_member *member)
{
	memcpy(out + line->len, member->value, member->len);
	line->len += member->len;
}

/* Appends decoded text, in which there must be no newline. */
static bool append_decoded(struct restored_line *line, char *out,
			   const struct json_member *member)
{
	long n = json_member_text(member, out + line->len);

	if (n < 0 || memchr(out + line->len, '\n', (size_t)n))
		return false;
	line->len += (size_t)n;
	return true;
}

static bool append_record(struct restored_line *line, char *out,
			  const struct members *members)
{
	const struct json_member *dir = &members->member[MEMBER_DIR];
	const struct json_member *payload = &members->member[MEMBER_PAYLOAD];

	if (!members->given[MEMBER_PAYLOAD] || dir->len != 1 ||
	    !strchr("<>:", *dir->value))
		return false;
	append_plain(line, out, &members->member[MEMBER_PID]);
	out[line->len++] = ' ';
	out[line->len++] = *dir->value;
	out[line->len++] = ' ';
	if (!append_decoded(line, out, payload))
		return false;
	if (*dir->value == ':')
		return true;
	if (is_set(members, MEMBER_EOF)) {
		memcpy(out + line->len, "[EOF]", 5);
		line->len += 5;
		return payload->len == 0;
	}
	if (!is_set(members, MEMBER_DUMP))
		out[line->len++] = is_set(members, MEMBER_MORE) ? '+' : ' ';
	return true;
}

static bool restore_text(struct restored_line *line, char *out,
			 const struct members *members)
{
	bool record = members->given[MEMBER_PID];

	line->text = out;
	line->rest = is_set(members, MEMBER_REST);
	line->cut = is_set(members, MEMBER_CUT);
	if (members->given[MEMBER_LABEL]) {
		append_plain(line, out, &members->member[MEMBER_LABEL]);
		out[line->len++] = ' ';
	}
	if (record != members->given[MEMBER_DIR] ||
	    record == members->given[MEMBER_TEXT])
		return false;
	return record
		   ? append_record(line, out, members)
		   : append_decoded(line, out, &members->member[MEMBER_TEXT]);
}

bool line_restore(struct restored_line *line, char *out, const char *json,
		  size_t len)
{
	struct members members = {0};

	*line = (struct restored_line){.text = out};
	if (!read_members(&members, json, len))
		return false;
	set_slice(&members, MEMBER_HOST, &line->host, &line->host_len);
	set_slice(&members, MEMBER_NAME_OF_LOG, &line->name, &line->name_len);
	set_slice(&members, MEMBER_ID, &line->id, &line->id_len);
	set_slice(&members, MEMBER_AFTER, &line->after, &line->after_len);
	set_slice(&members, MEMBER_BEFORE, &line->before, &line->before_len);
	if (!is_set(&members, MEMBER_MISSING))
		return restore_text(line, out, &members);
	line->kind = LINE_RESTORE_MISSING;
	return !members.given[MEMBER_TEXT] && !members.given[MEMBER_PID];
}
