/* What readers of logs say of what happened to their source. */
#ifndef NOTICE_H
#define NOTICE_H

#include <stdbool.h>
#include <stddef.h>

#include "source.h"

enum { NOTICE_MAX = 8192 };

/*
 * Writes a sentence that ends with a NUL, cut if it has no room, and returns
 * its length; 0 if there is nothing to say: some is for verbose programs only.
 */
size_t notice_text(char text[NOTICE_MAX], const struct source_notice *notice,
		   bool verbose);

/* The same of source_open, which has failed with errno and this *bad. */
size_t notice_open(char text[NOTICE_MAX], const struct source_options *options,
		   const char *bad);

#endif
