/* The window of a reader, and which labels it is about: the inside of reader.h
 * and source.h. */
#ifndef TIME_WINDOW_H
#define TIME_WINDOW_H

#include "logread/reader.h"

/* Finds out which labels there are, and sets the window's accordingly. */
void time_window_kind(struct reader *r);

/* Leaves files out that can not hold lines of the window. */
void time_window_select(struct reader *r);

/*
 * Goes to the window's beginning in the file that was just opened, and finds
 * out whether its labels are in order.
 */
void time_window_file(struct reader *r);

#endif
