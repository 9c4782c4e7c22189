/* Hexadecimal digits; header only, for the companion too. */
#ifndef HEX_H
#define HEX_H

/* The lower-case digits, each at the index of its value. */
#define HEX_DIGITS "0123456789abcdef"

/* Returns the value of a lower-case digit, or -1. */
static inline int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
