/* A logarithmic scale of durations, as pictures draw them. */
#ifndef LOG_SCALE_H
#define LOG_SCALE_H

#include <stdint.h>

enum {
	LOG_SCALE_DECADE = 1000,
	LOG_SCALE_DECADES = 9, /* from 1 ms to 11.6 days */
	LOG_SCALE_MAX = LOG_SCALE_DECADE * LOG_SCALE_DECADES,
};

/*
 * Returns the place of a duration in nanoseconds: LOG_SCALE_DECADE times the
 * decimal logarithm of its milliseconds, from 0 to LOG_SCALE_MAX.
 */
unsigned int log_scale_place(int64_t nanoseconds);

#endif
