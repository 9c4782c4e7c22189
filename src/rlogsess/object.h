/* The members of an object in JSON. */
#ifndef OBJECT_H
#define OBJECT_H

#include <stddef.h>
#include <stdint.h>

#include "rlogsess/line_spool.h"
#include "rlogsess/out.h"

/* "{" and the first member, a number. */
void object_begin(struct out *out, const char *name, uint64_t number);

/* A comma, the name and a colon. */
void object_key(struct out *out, const char *name);

void object_number(struct out *out, const char *name, uint64_t number);

/* Nothing if the text is empty; what is not UTF-8 is in NAME_base64. */
void object_text(struct out *out, const char *name, const char *text,
		 size_t len);
void object_string(struct out *out, const char *name, const char *text);

/* Nothing if the time is not known. */
void object_time(struct out *out, const char *name, int64_t time);
void object_seconds(struct out *out, const char *name, int64_t time,
		    int64_t end);

/* A text of names with commas between, as an array of strings. */
void object_names(struct out *out, const char *name, const char *names);

/* An array of lines that are held; -1 with errno if they can't be read back. */
int object_lines(struct out *out, const char *name,
		 struct line_spool_store *store,
		 const struct line_spool *lines);

/* The same of values that are JSON already. */
int object_values(struct out *out, const char *name,
		  struct line_spool_store *store,
		  const struct line_spool *values);

/* "}" and a newline. */
void object_end(struct out *out);

#endif
