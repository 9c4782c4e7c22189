/*
 * Octets of a client that its server did not agree to. Invariant: the commands
 * in spotted, and the bytes that echo keeps, are those of octets that no answer
 * has decided yet.
 * Tested by tests/unit/recio/smtp.c and imap.c.
 */
#include "recio/announced_octets.h"

#include <stdio.h>

#include "recio/argument_form.h"
#include "recio/line_literal.h"

enum { WORD_LITERAL = 255 };

void announced_octets_init(struct announced_octets *octets,
			   struct redactor *redactor,
			   const struct grammar *const *grammars)
{
	*octets = (struct announced_octets){.grammars = grammars};
	expected_octets_init(&octets->expected, redactor, RELAY_IN);
}

static struct redactor *redactor_of(const struct announced_octets *octets)
{
	return octets->expected.redactor;
}

void announced_octets_begin(struct announced_octets *octets, uint64_t size,
			    enum span_kind kind, bool agreed, bool in_line)
{
	if (kind == SPAN_SHOW && size > WORD_LITERAL)
		kind = SPAN_HIDDEN;
	octets->agreed = agreed;
	octets->cut = !size && !agreed && in_line;
	expected_octets_begin(&octets->expected, size, kind);
}

/* A short argument is shown if it is a word: then it is not a command. */
bool announced_octets_need_more(struct announced_octets *octets, const char *at,
				size_t len, bool ended)
{
	size_t left = (size_t)octets->expected.left;

	if (octets->expected.kind != SPAN_SHOW)
		return false;
	if (len < left && !ended)
		return true;
	if (!argument_form_is_word(at, len < left ? len : left))
		expected_octets_set_kind(&octets->expected, SPAN_HIDDEN);
	return false;
}

void announced_octets_spot(struct announced_octets *octets, const char *at,
			   size_t len)
{
	spotted_commands_scan(&octets->spotted, octets->grammars, at, len);
}

void announced_octets_scan(struct announced_octets *octets, const char *at,
			   size_t len)
{
	announced_octets_spot(octets, at, len);
	echo_keep_octets(&redactor_of(octets)->echo, at, len);
}

size_t announced_octets_take(struct announced_octets *octets, const char *at,
			     size_t len, bool in_line)
{
	bool at_start;

	len = expected_octets_take(&octets->expected, at, len);
	if (!octets->agreed)
		announced_octets_scan(octets, at, len);
	at_start = spotted_commands_at_start(&octets->spotted);
	octets->cut = !octets->expected.left &&
		      ((!octets->agreed && in_line) || !at_start);
	return len;
}

bool announced_octets_scan_rest(struct announced_octets *octets, const char *at,
				size_t len)
{
	octets->cut = false;
	return spotted_commands_rest(&octets->spotted, octets->grammars, at,
				     len);
}

static void forget_commands(struct announced_octets *octets)
{
	octets->cut = false;
	echo_drop_octets(&redactor_of(octets)->echo);
	spotted_commands_clear(&octets->spotted);
}

void announced_octets_taken(struct announced_octets *octets)
{
	forget_commands(octets);
}

static void note_commands(struct redactor *redactor,
			  const struct spotted_commands *spotted)
{
	char names[SPOTTED_COMMANDS_TEXT], text[SPOTTED_COMMANDS_TEXT + 64];

	if (!spotted->count)
		return;
	spotted_commands_text(spotted, names);
	snprintf(text, sizeof text, "< not taken: lines begin with %s", names);
	redactor_note(redactor, text);
}

void announced_octets_name(struct announced_octets *octets)
{
	struct redactor *redactor = redactor_of(octets);

	spotted_commands_end(&octets->spotted, octets->grammars);
	note_commands(redactor, &octets->spotted);
	if (octets->spotted.count && !redactor->config.secrets)
		echo_remember_octets(&redactor->echo);
	forget_commands(octets);
}

uint64_t announced_octets_refuse(struct announced_octets *octets, bool *in_line)
{
	uint64_t left = octets->expected.left;

	*in_line = left && !spotted_commands_at_start(&octets->spotted);
	expected_octets_drop(&octets->expected);
	redactor_end_message(redactor_of(octets), RELAY_IN, false);
	announced_octets_name(octets);
	return left;
}

void announced_octets_look_behind(struct announced_octets *octets,
				  const char *at, size_t len)
{
	struct spotted_commands spotted = {.len = 0};
	size_t n = line_literal_behind_size(at, len);

	spotted_commands_scan(&spotted, octets->grammars, at + n, len - n);
	spotted_commands_end(&spotted, octets->grammars);
	note_commands(redactor_of(octets), &spotted);
}
