/*
 * Finds commands at the beginnings of lines. Only the first bytes of a line are
 * kept until a name can be found in them; two letters of its first words rule
 * most lines of a message out, which makes long messages fast.
 */
#include "recio/spotted_commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "recio/argument_form.h"

/* Where two letters have their bit. */
static unsigned int pair_bit(char one, char two)
{
	return (unsigned int)((argument_form_upper(one) - 'A') * 26 +
			      argument_form_upper(two) - 'A');
}

static void know_pairs(struct spotted_commands *spotted,
		       const struct grammar_command *row)
{
	unsigned int bit;

	for (; row && row->verb; row++) {
		bit = pair_bit(row->verb[0], row->verb[1]);
		spotted->pairs[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

/* A name may stand in this word: its first letters are those of one. */
static bool may_be_name(const struct spotted_commands *spotted, const char *at,
			struct word w)
{
	unsigned int bit;

	while (w.from < w.to && !argument_form_letter(at[w.from]))
		w.from++;
	if (w.from + 1 >= w.to || !argument_form_letter(at[w.from + 1]))
		return false;
	bit = pair_bit(at[w.from], at[w.from + 1]);
	return spotted->pairs[bit / 64] >> bit % 64 & 1;
}

/*
 * True if no name can be found in this line, told by two letters of each of its
 * first words; it is what makes a long message fast to look at.
 */
static bool is_hopeless(struct spotted_commands *spotted,
			const struct grammar *const *grammars, const char *at,
			size_t len)
{
	struct word first, second;

	for (; !spotted->known && *grammars; grammars++) {
		know_pairs(spotted, (*grammars)->plain);
		know_pairs(spotted, (*grammars)->tagged);
	}
	spotted->known = true;
	len = len < SPOTTED_COMMANDS_LOOK ? len : SPOTTED_COMMANDS_LOOK;
	first = command_name_word(at, len, 0);
	if (may_be_name(spotted, at, first))
		return false;
	second = command_name_word(at, len, first.to);
	return !may_be_name(spotted, at, second);
}

static void look_at_start(struct spotted_commands *spotted,
			  const struct grammar *const *grammars)
{
	const struct grammar_command *found;
	size_t from, to;

	found = command_name_spot(grammars, spotted->start, spotted->len, &from,
				  &to);
	spotted->past = true;
	spotted->len = 0;
	spotted->hit = found != NULL;
	if (!found)
		return;
	if (spotted->count < SPOTTED_COMMANDS_MAX)
		spotted->name[spotted->count] = found->verb;
	spotted->count++;
}

void spotted_commands_end(struct spotted_commands *spotted,
			  const struct grammar *const *grammars)
{
	if (spotted->len)
		look_at_start(spotted, grammars);
	spotted->past = spotted->hit = false;
}

void spotted_commands_scan(struct spotted_commands *spotted,
			   const struct grammar *const *grammars,
			   const char *at, size_t len)
{
	const char *end = at + len, *newline;
	size_t n;

	for (; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		n = (size_t)((newline ? newline : end) - at);
		if (newline && spotted_commands_at_start(spotted) &&
		    is_hopeless(spotted, grammars, at, n))
			continue;
		if (!spotted->past) {
			n = n < SPOTTED_COMMANDS_LOOK - spotted->len
				? n
				: SPOTTED_COMMANDS_LOOK - spotted->len;
			memcpy(spotted->start + spotted->len, at, n);
			spotted->len += n;
			if (spotted->len == SPOTTED_COMMANDS_LOOK)
				look_at_start(spotted, grammars);
		}
		if (!newline)
			return;
		spotted_commands_end(spotted, grammars);
	}
}

bool spotted_commands_rest(struct spotted_commands *spotted,
			   const struct grammar *const *grammars,
			   const char *at, size_t len)
{
	bool hit;

	if (len && at[len - 1] == '\n')
		len--;
	spotted_commands_scan(spotted, grammars, at, len);
	if (spotted->len)
		look_at_start(spotted, grammars);
	hit = spotted->hit;
	spotted_commands_end(spotted, grammars);
	return hit;
}

bool spotted_commands_at_start(const struct spotted_commands *spotted)
{
	return !spotted->len && !spotted->past;
}

void spotted_commands_text(const struct spotted_commands *spotted,
			   char text[SPOTTED_COMMANDS_TEXT])
{
	size_t len = 0;

	*text = 0;
	/* No name has more than 16 letters, so that all fit. */
	for (size_t i = 0; i < spotted->count && i < SPOTTED_COMMANDS_MAX; i++)
		len += (size_t)snprintf(text + len, SPOTTED_COMMANDS_TEXT - len,
					"%s%.16s", i ? ", " : "",
					spotted->name[i]);
	if (spotted->count > SPOTTED_COMMANDS_MAX)
		snprintf(text + len, SPOTTED_COMMANDS_TEXT - len,
			 ", %" PRIu64 " more",
			 spotted->count - SPOTTED_COMMANDS_MAX);
}

void spotted_commands_clear(struct spotted_commands *spotted)
{
	*spotted = (struct spotted_commands){.count = 0};
}
