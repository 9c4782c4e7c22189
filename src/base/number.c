/*
 * Numbers of directives and options.  Only digits are numbers: the signs,
 * spaces and prefixes that strtoull accepts are refused, and so are numbers
 * that overflow.
 */
#include "base/number.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t longest = UINT64_C(36500) * 86400000;

/* Reads the digits at the beginning of text; *rest is the text after them. */
static bool parse_decimal(uint64_t *value, const char *text, const char **rest)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	*rest = end;
	return !errno;
}

bool number_parse_count(uint64_t *value, const char *text, uint64_t most)
{
	const char *rest;

	return parse_decimal(value, text, &rest) && !*rest && *value <= most;
}

bool number_parse_size(uint64_t *bytes, const char *text)
{
	static const char units[] = "kmg";
	const char *rest, *unit;
	int shift = 0;

	if (!parse_decimal(bytes, text, &rest))
		return false;
	if (*rest) {
		unit = strchr(units, *rest);
		if (!unit || rest[1])
			return false;
		shift = 10 * (int)(unit - units + 1);
	}
	if (*bytes > (uint64_t)INT64_MAX >> shift)
		return false;
	*bytes <<= shift;
	return true;
}

bool number_parse_duration(uint64_t *ms, const char *text)
{
	static const struct {
		const char *name;
		uint64_t ms;
	} units[] = {{"ms", 1},
		     {"s", 1000},
		     {"m", 60000},
		     {"h", 3600000},
		     {"d", 86400000}};
	const char *rest;

	if (!parse_decimal(ms, text, &rest))
		return false;
	if (!*rest)
		return !*ms;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(rest, units[i].name) != 0)
			continue;
		if (*ms > longest / units[i].ms)
			return false;
		*ms *= units[i].ms;
		return true;
	}
	return false;
}

bool number_parse_mode(unsigned int *mode, const char *text)
{
	char *end;

	if (*text < '0' || *text > '7' || strlen(text) > 4)
		return false;
	*mode = (unsigned int)strtoul(text, &end, 8);
	return !*end && *mode <= 0777;
}
