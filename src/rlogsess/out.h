/*
 * What is written to a descriptor, gathered.  After a failure nothing more is
 * written, and errno of it is kept.
 */
#ifndef OUT_H
#define OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUT_BUFFER = 65536 };

struct out {
	int fd;
	int trouble; /* errno of the first failure, 0 if there was none */
	bool safe;   /* what could drive a terminal is shown as text */
	size_t len;
	char buf[OUT_BUFFER];
};

void out_init(struct out *out, int fd);

/* Writes all that is gathered.  Returns 0, or -1 with errno. */
int out_flush(struct out *out);

/* Bytes as they are. */
void out_bytes(struct out *out, const char *text, size_t len);
void out_string(struct out *out, const char *text);
void out_number(struct out *out, uint64_t number);

/* Text of the log: whole lines; see safe. */
void out_log(struct out *out, const char *text, size_t len);

/*
 * Text of the log as a field of a table: no TAB, no control byte.  Returns how
 * many bytes that were.
 */
size_t out_field(struct out *out, const char *text, size_t len);

/* The same, as a string in JSON; of what is not UTF-8, its base64. */
void out_json_string(struct out *out, const char *text, size_t len);

/* The same, but {"base64": ...} of what is not UTF-8, for an array. */
void out_json(struct out *out, const char *text, size_t len);

#endif
