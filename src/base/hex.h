/* Hexadecimal digits; header only, for the companion too. */
#ifndef HEX_H
#define HEX_H

/* The lower-case digits, each at the index of its value. */
#define HEX_DIGITS "0123456789abcdef"

#endif
