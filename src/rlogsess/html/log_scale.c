/*
 * Logarithms by squaring: each square of a mantissa from 1 to 2 gives the next
 * binary digit.  Integers alone make pages the same on all machines.  Tested by
 * tests/unit/rlogsess/log_scale.c.
 */
#include "rlogsess/html/log_scale.h"

enum { DIGITS = 12 }; /* of the fraction */

/* Returns the binary logarithm with DIGITS binary digits of fraction. */
static uint64_t find_logarithm(uint64_t number)
{
	uint64_t log = 0, mantissa;

	while (number >> (log + 1))
		log++;
	mantissa = number << (63 - log) >> 32;
	for (int i = 0; i < DIGITS; i++) {
		mantissa = mantissa * mantissa >> 31;
		log <<= 1;
		if (mantissa >> 32) {
			log |= 1;
			mantissa >>= 1;
		}
	}
	return log;
}

unsigned int log_scale_place(int64_t nanoseconds)
{
	int64_t microseconds = nanoseconds / 1000;
	uint64_t place;

	if (microseconds <= 1000)
		return 0;
	/* The decimal logarithm of 2 is 0.30103. */
	place = find_logarithm((uint64_t)microseconds) * LOG_SCALE_DECADE *
		    30103 / 100000 >>
		DIGITS;
	place -= 3 * LOG_SCALE_DECADE < place ? 3 * LOG_SCALE_DECADE : place;
	return place < LOG_SCALE_MAX ? (unsigned int)place : LOG_SCALE_MAX;
}
