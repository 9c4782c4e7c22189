/* The window of a reader, and which labels it is about: the inside of reader.h
 * and source.h. */
#ifndef BEGIN_H
#define BEGIN_H

#include "reader.h"

/* Finds out which labels there are, and sets the window's accordingly. */
void begin_kind(struct reader *r);

/* Leaves files out that can not hold lines of the window. */
void begin_select(struct reader *r);

/*
 * Goes to the window's beginning in the file that was just opened, and finds
 * out whether its labels are in order.
 */
void begin_file(struct reader *r);

#endif
