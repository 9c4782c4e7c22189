/* How sessions are shown, in a table and as JSON. */
#ifndef SHOW_SESSION_H
#define SHOW_SESSION_H

#include "rlogsess/grouping/connections.h"
#include "rlogsess/show.h"

/* One line a session; aligned if wide. */
void show_session_table_head(struct output *out);
void show_session_table(struct output *out, const struct session *session,
			bool wide);

/* One object a session.  Returns 0, or -1 with errno. */
int show_session_json(struct output *out, struct line_spool_store *store,
		      const struct session *session);

/* Its marks as in show_marks, and whether lines of it are missing. */
size_t show_session_marks(char text[SHOW_MARKS], const struct session *session);

#endif
