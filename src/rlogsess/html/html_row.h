/* Rows of the list: the facts of a session or message in an element summary. */
#ifndef HTML_ROW_H
#define HTML_ROW_H

#include "base/output.h"
#include "rlogsess/grouping/qmail.h"
#include "rlogsess/grouping/session_outcome.h"

enum { HTML_ROW_WORD = 48 };

/* How a group ended, as a class and for people: "exit 111", "refused 550". */
struct html_verdict {
	enum session_outcome outcome;
	char word[HTML_ROW_WORD];
};

/* Finds the verdict on a session. */
void html_row_judge_session(struct html_verdict *verdict,
			    const struct session *session);

/*
 * Finds the verdict on a message: bad if a delivery failed or the sender was
 * told, refused if one was deferred, open if it is not known how it ended.
 */
void html_row_judge_mail(struct html_verdict *verdict, const struct mail *mail);

/* Begins the row, up to the cell of the seconds, which a strip is to follow. */
void html_row_begin_session(struct output *output,
			    const struct session *session,
			    const struct html_verdict *verdict);

/* Begins the row of a message, as html_row_begin_session does. */
void html_row_begin_mail(struct output *output, const struct mail *mail,
			 const struct html_verdict *verdict);

/*
 * Ends the row of a session, and writes its other facts as an element p, which
 * an element pre with its lines is to follow.
 */
void html_row_end_session(struct output *output, const struct session *session,
			  const char *source);

/* Ends the row of a message. */
void html_row_end_mail(struct output *output, const struct mail *mail,
		       const char *source);

/* Begins the lines of a group, to whose number links lead. */
void html_row_open_lines(struct output *output, const struct group *group);

/* Ends the lines, and the element of the group. */
void html_row_close(struct output *output);

#endif
