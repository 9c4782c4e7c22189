/*
 * NNTP.  The code of an answer says whether lines follow it; only that of 211
 * depends on the command, so that commands need not be counted.
 * Tested by tests/unit/rlogsess/mail_finder.c.
 */
#include <string.h>

#include "rlogsess/mail/mail_finder.h"

struct nntp_mail {
	uint32_t lists; /* LISTGROUP commands without an answer */
};

_Static_assert(sizeof(struct nntp_mail) <= MAIL_STATE, "it has room");

static struct nntp_mail *get_nntp(struct mail_finder *finder)
{
	return (struct nntp_mail *)(void *)finder->state;
}

static bool begins_nntp(int direction, struct slice line)
{
	if (direction == DIALOGUE_OUT)
		return slice_prefix(&line, "200 ") ||
		       slice_prefix(&line, "201 ");
	return mail_finder_is_command(line, "MODE READER") ||
	       mail_finder_is_command(line, "MODE STREAM");
}

static void begin_article(struct mail_finder *finder, int direction)
{
	mail_finder_begin(finder, direction);
	mail_finder_expect_text(finder, direction, true);
}

static void take_nntp_command(struct mail_finder *finder, struct slice line)
{
	if (mail_finder_is_command(line, "LISTGROUP"))
		get_nntp(finder)->lists++;
	else if (mail_finder_is_command(line, "TAKETHIS"))
		begin_article(finder, DIALOGUE_IN);
}

static void take_group_answer(struct mail_finder *finder)
{
	struct nntp_mail *nntp = get_nntp(finder);

	if (!nntp->lists)
		return;
	nntp->lists--;
	mail_finder_expect_text(finder, DIALOGUE_OUT, false);
}

static void take_nntp_answer(struct mail_finder *finder, struct slice line)
{
	uint64_t code;

	if (!slice_number(&line, 999, &code))
		return;
	switch (code) {
	case 220: begin_article(finder, DIALOGUE_OUT); break;
	case 335:
	case 340: begin_article(finder, DIALOGUE_IN); break;
	case 211: take_group_answer(finder); break;
	case 100:
	case 101:
	case 215:
	case 221:
	case 222:
	case 224:
	case 225:
	case 230:
	case 231:
	case 282: mail_finder_expect_text(finder, DIALOGUE_OUT, false); break;
	case 206: /* compression */
	case 382: mail_finder_give_up(finder); break;
	default: break;
	}
}

static void take_nntp_line(struct mail_finder *finder, int direction,
			   const struct mail_line *line)
{
	if (direction == DIALOGUE_IN)
		take_nntp_command(finder, line->text);
	else
		take_nntp_answer(finder, line->text);
}

static void end_nntp_text(struct mail_finder *finder, int direction)
{
	if (finder->direction == direction)
		mail_finder_end(finder);
}

const struct mail_protocol mail_protocol_nntp = {
    .begins = begins_nntp,
    .line = take_nntp_line,
    .over = end_nntp_text,
};
