/* Hexadecimal digits; header only, for the companion too. */
#ifndef HEX_H
#define HEX_H

#include <stdint.h>

/* The lower-case digit of the last four bits of a value. */
static inline char hex_digit(uint64_t value)
{
	return "0123456789abcdef"[value & 15];
}

#endif
