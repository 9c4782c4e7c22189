/*
 * Torn lines: a log directory may end within a line that never goes on.  The
 * script that wrote the line's rest did not have the directory, or the logger
 * before was killed.  The next line must not be taken for that rest.
 */
#ifndef TORN_H
#define TORN_H

#include "rlog/batch.h"
#include "rlog/logdir.h"

/*
 * Marks the outputs of directories that end so: the last byte of current, or of
 * the newest archive where current is empty, is no newline, and the batch does
 * not go on with that line there.  An archive that a processor may have made
 * says nothing about that.  The directories are started, the batch is resumed.
 */
void torn_mark(struct batch *batch, const struct logdir *directories);

#endif
