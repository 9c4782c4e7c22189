/*
 * The name HOST/NAME by which a log is known to a stream.  Each part becomes
 * the name of a directory where messages are taken, and a message may be a
 * stranger's: so the parts are checked.
 */
#ifndef LOG_NAME_H
#define LOG_NAME_H

#include <stdbool.h>
#include <stddef.h>

enum {
	LOG_NAME_MAX = 65,               /* bytes of a part, with its NUL */
	LOG_NAME_TEXT = 2 * LOG_NAME_MAX /* of HOST/NAME, with its NUL */
};

struct log_name {
	char host[LOG_NAME_MAX], name[LOG_NAME_MAX];
};

/*
 * Returns true if the len bytes can be a part: 1 to 64 of A-Z a-z 0-9 . _ -,
 * with neither a dot nor a dash first.
 */
bool log_name_is_part(const char *text, size_t len);

/* Reads HOST/NAME.  Returns false if it is none, as NULL is not. */
bool log_name_parse(struct log_name *log, const char *text);

/* Writes HOST/NAME. */
void log_name_format(char text[LOG_NAME_TEXT], const struct log_name *log);

bool log_name_is_same(const struct log_name *a, const struct log_name *b);

/* Returns true if the text is HOST/NAME of the log. */
bool log_name_is_text(const struct log_name *log, const char *text);

#endif
