/*
 * Numbers of directives and options.  Each function reads a whole text and
 * returns false, with *value undefined, if it is not such a number.
 */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* A decimal number up to `most`. */
bool number_parse_count(uint64_t *value, const char *text, uint64_t most);

/* A size in bytes, up to INT64_MAX: 100, or 100k, 100m, 100g for 1024^1 to 3.
 */
bool number_parse_size(uint64_t *bytes, const char *text);

/* A duration up to 100 years in milliseconds: 0, 100ms, 100s, 100m, 100h, 100d.
 */
bool number_parse_duration(uint64_t *ms, const char *text);

/* A file mode in octal, up to 0777. */
bool number_parse_mode(unsigned int *mode, const char *text);

#endif
