/* How groups of lines are shown; see show.h. */
#include "rlogsess/show.h"

#include <stdio.h>
#include <string.h>

#include "rlogsess/log_text.h"

static const char *const kinds[] = {"session of", "message"};

static const struct {
	enum group_mark mark;
	const char *name;
	const char *text[2]; /* by enum show_kind */
} marks[] = {
    {GROUP_NO_START,
     "no-start",
     {"its beginning is not in this log", "its beginning is not in this log"}},
    {GROUP_OPEN,
     "open",
     {"it goes on behind this log",
      "it is still in the queue where this log ends"}},
    {GROUP_NO_END,
     "no-end",
     {"its process ID was used again", "its number was used again"}},
    {GROUP_QUIET,
     "quiet",
     {"nothing more was said for the quiet time",
      "nothing more was said for the quiet time"}},
    {GROUP_CROWDED,
     "crowded",
     {"too many sessions were open to wait for it",
      "too many messages were open to wait for it"}},
};

enum { MARKS = sizeof marks / sizeof *marks };

size_t show_marks(char text[SHOW_MARKS], const struct group *g)
{
	size_t n = 0;

	*text = 0;
	for (int i = 0; i < MARKS; i++)
		if (g->marks & marks[i].mark)
			n += (size_t)snprintf(text + n, SHOW_MARKS - n, "%s%s",
					      n ? "," : "", marks[i].name);
	return n;
}

static void remark(struct output *o, const struct group *g, enum show_kind kind,
		   const char *text)
{
	output_string(o, "rlogsess: ");
	output_string(o, kinds[kind]);
	output_string(o, " ");
	output_number(o, g->key);
	output_string(o, ": ");
	output_string(o, text);
	output_string(o, "\n");
}

static int give_log(void *ctx, const char *lines, size_t len)
{
	struct output *o = ctx;

	log_text_lines(o, lines, len);
	return 0;
}

int show_text(struct output *o, struct line_spool_store *store,
	      const struct group *g, enum show_kind kind)
{
	char text[96];

	if (line_spool_each(store, &g->held, give_log, o) < 0)
		return -1;
	if (g->held.left_out) {
		snprintf(text, sizeof text, "%llu more lines are left out",
			 (unsigned long long)g->held.left_out);
		remark(o, g, kind, text);
	}
	for (int i = 0; i < MARKS; i++)
		if (g->marks & marks[i].mark)
			remark(o, g, kind, marks[i].text[kind]);
	output_string(o, "\n");
	return 0;
}

void show_flat(struct output *o, uint64_t number, const char *who,
	       const char *text, size_t len)
{
	output_number(o, number);
	output_string(o, " ");
	if (*who)
		log_text_field(o, who, strlen(who));
	else
		output_string(o, "-");
	output_string(o, " ");
	log_text_lines(o, text, len);
	output_string(o, "\n");
}

struct flat {
	struct output *out;
	uint64_t number;
	const char *who;
};

static void give_flat(void *ctx, const char *line, size_t len)
{
	const struct flat *f = ctx;

	show_flat(f->out, f->number, f->who, line, len);
}

int show_flat_all(struct output *o, struct line_spool_store *store,
		  const struct group *g, const char *who)
{
	struct flat f = {o, g->number, who};

	return line_spool_each_line(store, &g->held, give_flat, &f);
}
