/* The answer of recio to --help. */
#ifndef RECIO_HELP_H
#define RECIO_HELP_H

/* Writes the synopsis, and a line for each option, to standard output. */
void recio_help_print(void);

#endif
