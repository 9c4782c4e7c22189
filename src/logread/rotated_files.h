/* What has become of files that were read before they were archives. */
#ifndef ROTATED_FILES_H
#define ROTATED_FILES_H

#include "logread/reader.h"
#include "logread/snapshot.h"

/* Keeps the file that r has just read to its end, which it gives up. */
void rotated_files_keep(struct reader *r);

/* Keeps r->previous, which will not be read, as if it had been. */
void rotated_files_pass(struct reader *r);

/*
 * Looks at the directory again.  What is new goes to r->queue, r->previous and
 * r->current, but for what was read already.  r->gap is set if archives were
 * removed unread.  0, or -1 and errno; *bad is the file.
 */
int rotated_files_look(struct reader *r, const char **bad);

void rotated_files_free(struct reader *r);

#endif
