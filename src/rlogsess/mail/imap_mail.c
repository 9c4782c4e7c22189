/*
 * IMAP.  A message is a literal: of the client, behind the mailbox of APPEND,
 * and of the server, behind BODY[], BINARY[] or RFC822 in a FETCH response.
 * All other literals are passed over, so that nothing in them is taken for a
 * command.  A literal that the server has to accept begins with its "+".
 * Tested by tests/unit/rlogsess/mail_finder.c.
 */
#include <string.h>

#include <strings.h>

#include "rlogsess/mail/mail_finder.h"

struct imap_mail {
	bool append;    /* the client's command is APPEND */
	bool mailbox;   /* and has its mailbox */
	bool continued; /* the client's line goes on after a literal */
	bool fetch;     /* the server's line goes on a FETCH response */
	bool replied;   /* the server's line goes on after a literal */
	bool cipher;    /* the command is STARTTLS or COMPRESS */
	bool waiting;   /* a literal waits for the server's "+" */
	bool kept;      /* and is a message */
	uint64_t size;  /* of it */
};

_Static_assert(sizeof(struct imap_mail) <= MAIL_STATE, "it has room");

static struct imap_mail *get_imap(struct mail_finder *finder)
{
	return (struct imap_mail *)(void *)finder->state;
}

static bool begins_imap(int direction, struct slice line)
{
	return direction == DIALOGUE_OUT && (slice_prefix(&line, "* OK") ||
					     slice_prefix(&line, "* PREAUTH"));
}

/* What stands at the end of a line: "{310}", "{310+}" or "~{310}". */
struct literal_end {
	uint64_t size;
	bool at_once;        /* no "+" of the server is needed */
	struct slice before; /* the end of the line before it */
};

static bool parse_literal_end(struct literal_end *literal, struct slice line)
{
	const char *brace;
	struct slice rest;

	if (!line.len || line.at[line.len - 1] != '}' ||
	    !(brace = memrchr(line.at, '{', line.len)))
		return false;
	rest.at = brace + 1;
	rest.len = (size_t)(line.at + line.len - rest.at);
	if (!slice_number(&rest, UINT64_MAX, &literal->size))
		return false;
	literal->at_once = slice_prefix(&rest, "+");
	if (rest.len != 1)
		return false;
	literal->before = (struct slice){line.at, (size_t)(brace - line.at)};
	if (literal->before.len && brace[-1] == '~')
		literal->before.len--;
	return true;
}

static bool has_imap_word(struct slice text, const char *word)
{
	size_t n = strlen(word);

	for (; text.len >= n; slice_skip(&text, 1))
		if (strncasecmp(text.at, word, n) == 0)
			return true;
	return false;
}

/* Learns the command of a line that begins one; "tag APPEND mailbox" */
static void learn_imap_command(struct imap_mail *imap, struct slice line)
{
	slice_until(&line, ' ');
	imap->append = mail_finder_is_command(line, "APPEND");
	imap->cipher = mail_finder_is_command(line, "STARTTLS") ||
		       mail_finder_is_command(line, "COMPRESS");
	imap->mailbox = false;
	if (!imap->append)
		return;
	slice_until(&line, ' ');
	/* The mailbox may be a literal itself. */
	imap->mailbox = line.len && *line.at != '{';
}

/* A message that is put together by the server is not in the log. */
static void miss_message(struct mail_finder *finder)
{
	mail_finder_begin(finder, DIALOGUE_IN);
	mail_finder_doubt(finder);
	mail_finder_end(finder);
}

static void begin_client_literal(struct mail_finder *finder)
{
	struct imap_mail *imap = get_imap(finder);

	imap->waiting = false;
	imap->continued = true;
	if (imap->kept)
		mail_finder_begin(finder, DIALOGUE_IN);
	mail_finder_expect_octets(finder, DIALOGUE_IN, imap->size, imap->kept);
}

static void take_imap_command(struct mail_finder *finder,
			      const struct mail_line *line)
{
	struct imap_mail *imap = get_imap(finder);
	struct literal_end literal;

	if (!imap->continued)
		learn_imap_command(imap, line->text);
	imap->continued = imap->waiting = false;
	if (imap->append && has_imap_word(line->text, " CATENATE ")) {
		imap->append = false;
		miss_message(finder);
	}
	if (!parse_literal_end(&literal, line->tail))
		return;
	imap->size = literal.size;
	imap->kept = imap->append && imap->mailbox;
	imap->mailbox = true;
	imap->waiting = true;
	if (literal.at_once || finder->single)
		begin_client_literal(finder);
}

/* True if the text ends with the name of an item that is a whole message. */
static bool ends_with_message_item(struct slice text)
{
	static const char *const items[] = {"BODY[]", "BINARY[]", "RFC822"};
	size_t n;

	while (text.len && text.at[text.len - 1] == ' ')
		text.len--;
	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		n = strlen(items[i]);
		if (text.len > n &&
		    strncasecmp(text.at + text.len - n, items[i], n) == 0)
			return strchr(" (", text.at[text.len - n - 1]) != NULL;
	}
	return false;
}

/* "* 12 FETCH (UID 7 BODY[] {310}" */
static bool is_fetch_response(struct slice line)
{
	uint64_t n;

	return slice_prefix(&line, "* ") &&
	       slice_number(&line, UINT64_MAX, &n) &&
	       slice_prefix(&line, " ") &&
	       mail_finder_is_command(line, "FETCH");
}

/* A line that is not untagged ends a command. */
static void take_tagged_line(struct mail_finder *finder, struct slice line)
{
	struct imap_mail *imap = get_imap(finder);

	slice_until(&line, ' ');
	imap->waiting = false;
	if (imap->cipher && mail_finder_is_command(line, "OK"))
		mail_finder_give_up(finder);
	imap->cipher = false;
}

static void take_imap_response(struct mail_finder *finder,
			       const struct mail_line *line)
{
	struct imap_mail *imap = get_imap(finder);
	struct slice text = line->text;
	struct literal_end literal;
	bool kept;

	if (!imap->replied) {
		imap->fetch = is_fetch_response(text);
		if (slice_prefix(&text, "+")) {
			if (imap->waiting)
				begin_client_literal(finder);
			return;
		}
		if (!slice_prefix(&text, "* "))
			take_tagged_line(finder, text);
	}
	imap->replied = false;
	if (finder->opaque || !parse_literal_end(&literal, line->tail))
		return;
	imap->replied = true;
	kept = imap->fetch && ends_with_message_item(literal.before);
	if (kept)
		mail_finder_begin(finder, DIALOGUE_OUT);
	mail_finder_expect_octets(finder, DIALOGUE_OUT, literal.size, kept);
}

static void take_imap_line(struct mail_finder *finder, int direction,
			   const struct mail_line *line)
{
	if (direction == DIALOGUE_IN)
		take_imap_command(finder, line);
	else
		take_imap_response(finder, line);
}

static void end_literal(struct mail_finder *finder, int direction)
{
	if (finder->stream[direction].kept && finder->direction == direction)
		mail_finder_end(finder);
}

const struct mail_protocol mail_protocol_imap = {
    .begins = begins_imap,
    .line = take_imap_line,
    .over = end_literal,
};
