/*
 * TAI64N labels as daemontools writes them: "@" and 24 lower-case hex digits,
 * 16 for 2^62 + 10 + Unix seconds, 8 for nanoseconds; leap seconds are not
 * counted.  (skalibs' own clock counts them and is 27 s ahead: never use
 * tain_now for a label.)  Format: https://cr.yp.to/libtai/tai64.html
 *
 * A label is a struct tain_s; skalibs' tain_less compares two of them.
 */
#ifndef LABEL_H
#define LABEL_H

#include <stdbool.h>
#include <stddef.h>

#include <skalibs/tai.h>

enum { LABEL_LEN = TIMESTAMP }; /* 25 bytes, no terminating NUL */

/* Reads the system's real-time clock, with all its nanoseconds. */
void label_now(struct tain_s *label);

/*
 * The next label after *last when the clock shows *now: *now itself if that is
 * later, otherwise one nanosecond after *last.  So labels are unique and
 * strictly increasing even when the clock stands still or is set back.
 */
void label_advance(struct tain_s *last, const struct tain_s *now);

/* Writes the LABEL_LEN bytes of a label to text. */
void label_format(char *text, const struct tain_s *label);

/*
 * True if the len bytes at text begin with a label as specified above, which
 * goes to *label.  Seconds from 2^63 on are reserved by TAI64: no label.
 */
bool label_scan(struct tain_s *label, const char *text, size_t len);

#endif
