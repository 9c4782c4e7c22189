/* The answer of rawio to --help. */
#ifndef RAWIO_HELP_H
#define RAWIO_HELP_H

/* Writes the synopsis, and a line for each option, to standard output. */
void rawio_help_print(void);

#endif
