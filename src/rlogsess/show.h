/*
 * How sessions are shown: as text, flat, as a table, as JSON.  Each form is
 * told of each line of a session, or of sessions that are over, or of both.
 */
#ifndef RLOGSESS_SHOW_H
#define RLOGSESS_SHOW_H

#include "out.h"
#include "session.h"

enum { SHOW_MARKS = 128 };

/* The lines, and behind them notes of what is missing, and an empty line. */
int show_text(struct out *out, struct held_store *store,
	      const struct session *session);

/* One line, with the number of its session and the peer in front. */
void show_flat(struct out *out, const struct session *session, const char *text,
	       size_t len);

/* All lines of a session so. */
int show_flat_all(struct out *out, struct held_store *store,
		  const struct session *session);

/* One line a session; aligned if wide. */
void show_table_head(struct out *out);
void show_table(struct out *out, const struct session *session, bool wide);

/* One object a session. */
int show_json(struct out *out, struct held_store *store,
	      const struct session *session);

/*
 * The names of what is to be known of a session, with commas between, "" if
 * there are none; its length.
 */
size_t show_marks(char text[SHOW_MARKS], const struct session *session);

#endif
