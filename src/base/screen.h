/* The screen or page that text is drawn for: how wide it is, and in which
 * characters. */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>

enum { SCREEN_WIDTH = 80, SCREEN_LEAST = 40, SCREEN_MOST = 400 };

/* Zero-initialised is a page of SCREEN_WIDTH columns in ASCII. */
struct screen {
	unsigned int columns; /* SCREEN_LEAST to SCREEN_MOST, or 0 */
	bool utf8;            /* the locale's characters are UTF-8 */
};

/*
 * Returns the screen that a descriptor writes to.  Its width is COLUMNS of the
 * environment, else that of the terminal, else SCREEN_WIDTH.
 */
struct screen screen_find(int fd);

/* Returns the width of a screen. */
unsigned int screen_width(const struct screen *screen);

/* Returns the width of the terminal fd now, or 0 if it has none. */
unsigned int screen_terminal_width(int fd);

#endif
