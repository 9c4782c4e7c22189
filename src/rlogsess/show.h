/*
 * What is the same of a session and of a message when it is shown: its lines,
 * and what is to be known of it.
 */
#ifndef SHOW_H
#define SHOW_H

#include "base/output.h"
#include "rlogsess/group_table.h"

enum { SHOW_MARKS = 128 };

enum show_kind { SHOW_SESSION, SHOW_MAIL };

/* The names of its marks, with commas between, "" if it has none; the length.
 */
size_t show_marks(char text[SHOW_MARKS], const struct group *group);

/*
 * The lines, and behind them notes of what is missing, and an empty line.
 * Returns 0, or -1 with errno if they can't be read back.
 */
int show_text(struct output *out, struct line_spool_store *store,
	      const struct group *group, enum show_kind kind);

/* One line, with the number of its group and who it is about in front. */
void show_flat(struct output *out, uint64_t number, const char *who,
	       const char *text, size_t len);

/* All its lines so.  Returns 0, or -1 with errno as above. */
int show_flat_all(struct output *out, struct line_spool_store *store,
		  const struct group *group, const char *who);

#endif
