/* What has become of files that were read before they were archives. */
#ifndef ASIDE_H
#define ASIDE_H

#include "reader.h"
#include "snapshot.h"

/* Keeps the file that r has just read to its end, which it gives up. */
void aside_keep(struct reader *r);

/* Keeps r->previous, which will not be read, as if it had been. */
void aside_pass(struct reader *r);

/*
 * Looks at the directory again.  What is new goes to r->queue, r->previous and
 * r->current, but for what was read already.  r->gap is set if archives were
 * removed unread.  0, or -1 and errno; *bad is the file.
 */
int aside_look(struct reader *r, const char **bad);

void aside_free(struct reader *r);

#endif
