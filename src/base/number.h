/*
 * The numbers of directives and options: sizes with k, m and g, durations with
 * ms, s, m, h and d, file modes.  Each is true, and *value set, if all of the
 * text is one.
 */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* A decimal number of at most `most`. */
bool number_number(uint64_t *value, const char *text, uint64_t most);

/* Bytes, or so many times 1024, 1024^2 or 1024^3; at most INT64_MAX. */
bool number_size(uint64_t *bytes, const char *text);

/* Milliseconds: a number with a unit, or 0; at most 100 years. */
bool number_duration(uint64_t *ms, const char *text);

/* A file mode in octal, up to 0777. */
bool number_mode(unsigned int *mode, const char *text);

#endif
