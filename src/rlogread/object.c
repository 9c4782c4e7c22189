/* A line as a JSON object; see object.h. */
#include "rlogread/object.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/label.h"
#include "logread/scan.h"

enum { ROOM = 4096 };

static int put(struct out *out, const char *text)
{
	return out_put(out, text, strlen(text));
}

/* "name":"text" or, if it is not UTF-8, "name_base64":"..." */
static int put_string(struct out *out, const char *name, const char *text,
		      size_t len)
{
	bool plain = json_is_text(text, len);
	char buf[ROOM];
	size_t n, used;

	if (put(out, "\"") < 0 || put(out, name) < 0 ||
	    put(out, plain ? "\":\"" : "_base64\":\"") < 0)
		return -1;
	for (; len; text += used, len -= used) {
		/* Whole groups of three bytes, so that padding ends it. */
		n = plain ? json_text(buf, sizeof buf, text, len, &used)
			  : json_base64(buf, sizeof buf, text, len, &used);
		if (out_put(out, buf, n) < 0)
			return -1;
	}
	return put(out, "\"");
}

static int put_record(struct out *out, const struct scan_record *r)
{
	char head[64];

	snprintf(head, sizeof head, "\"pid\":%llu,\"dir\":\"%c\",",
		 (unsigned long long)r->pid, r->dir);
	if (put(out, head) < 0 ||
	    put_string(out, "payload", r->payload, r->len) < 0)
		return -1;
	if (r->dir == ':')
		return 0;
	snprintf(head, sizeof head, ",\"more\":%s,\"eof\":%s",
		 r->more ? "true" : "false", r->eof ? "true" : "false");
	return put(out, head);
}

static int put_text(struct out *out, const struct source_line *line,
		    const char *text, size_t len)
{
	struct scan_record r;

	if (line->begins && line->ends && scan_record(&r, text, len))
		return put_record(out, &r);
	if (put_string(out, "text", text, len) < 0)
		return -1;
	if (!line->begins && put(out, ",\"rest\":true") < 0)
		return -1;
	return line->ends ? 0 : put(out, ",\"cut\":true");
}

static int put_label(struct form *f, struct out *out,
		     const struct source_line *line)
{
	char time[FORM_TIME];
	size_t n = form_time(f, time, &line->label, line->kind);

	if (n && (put(out, "\"time\":\"") < 0 || out_put(out, time, n) < 0 ||
		  put(out, "\",") < 0))
		return -1;
	if (put(out, "\"label\":\"") < 0 ||
	    out_put(out, line->text, LABEL_LEN) < 0)
		return -1;
	return put(out, "\",");
}

int object_put(struct form *f, struct out *out, const struct source_line *line)
{
	const char *text = line->text;
	size_t len = line->len;

	if (put(out, "{") < 0)
		return -1;
	if (line->begins && line->labelled) {
		if (put_label(f, out, line) < 0)
			return -1;
		text += LABEL_LEN;
		len -= LABEL_LEN;
		if (len && *text == ' ') {
			text++;
			len--;
		}
	}
	if (put_string(out, "directory", line->directory,
		       strlen(line->directory)) < 0 ||
	    put(out, ",") < 0 || put_text(out, line, text, len) < 0)
		return -1;
	return put(out, "}");
}
