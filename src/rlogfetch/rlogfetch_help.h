/* The summary of rlogfetch's options. */
#ifndef RLOGFETCH_HELP_H
#define RLOGFETCH_HELP_H

#define RLOGFETCH_SYNOPSIS                                            \
	"rlogfetch [-1v] [-c cursorfile] [-D directivefile] [-d fd] " \
	"[-n sequence] [-S since] [-s statusfile] url [dir [directive ...]]"

/* Writes it to standard output. */
void rlogfetch_help_print(void);

#endif
