/* The lines of a group in HTML, and a strip that draws its time. */
#ifndef HTML_DIALOGUE_H
#define HTML_DIALOGUE_H

#include "base/output.h"
#include "rlogsess/group_table.h"

enum {
	HTML_DIALOGUE_STRIP = 128,      /* units, each of a pixel */
	HTML_DIALOGUE_LINE = 4096,      /* bytes of a line that are shown */
	HTML_DIALOGUE_HEAD = 192 << 10, /* bytes of the first lines */
	HTML_DIALOGUE_TAIL = 64 << 10,  /* and of the last ones */
};

/*
 * Writes the lines of a group as the content of an element pre: for each line
 * the seconds since the first one, the wait before it and a bar for that, then
 * the text, a server's indented.  Of many lines the ones in the middle are left
 * out, and counted.  Returns 0, or -1 with errno set.
 */
int html_dialogue_write(struct output *output, struct line_spool_store *store,
			const struct group *group, bool by_message);

/*
 * Writes a strip as an element svg: its length is the logarithm of the group's
 * duration, and it is divided into the times that were waited for the client
 * and for the server.  Returns 0, or -1 with errno set.
 */
int html_dialogue_strip(struct output *output, struct line_spool_store *store,
			const struct group *group);

/*
 * Returns the length of the strip of a group in units, at most
 * HTML_DIALOGUE_STRIP; 0 if the group has no duration.
 */
unsigned int html_dialogue_strip_units(const struct group *group);

/* Writes the beginning of a strip, up to its paths. */
void html_dialogue_open_strip(struct output *output, unsigned int units);

#endif
