/* What readers of logs say of what happened to their source. */
#ifndef SOURCE_EVENT_H
#define SOURCE_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "logread/source.h"

enum { SOURCE_EVENT_MAX = 8192 };

/*
 * Writes a sentence that ends with a NUL, cut if it has no room, and returns
 * its length; 0 if there is nothing to say: some is for verbose programs only.
 */
size_t source_event_text(char text[SOURCE_EVENT_MAX],
			 const struct source_notice *notice, bool verbose);

/* The same of source_open, which has failed with errno and this *bad. */
size_t source_event_open(char text[SOURCE_EVENT_MAX],
			 const struct source_options *options, const char *bad);

#endif
