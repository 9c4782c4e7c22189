/*
 * Measures arguments by their forms, whose letters are those of grammar.h. Each
 * form is a set of bytes, or a function where that is not enough. No form takes
 * a control byte.
 */
#include "recio/argument_form.h"

#include <stdint.h>
#include <string.h>

#include "recio/known_names.h"

enum { WORD_MAX = 64, NUMBER_MAX = 32, ARGUMENT_MAX = 1024, DOMAIN_MAX = 255 };

bool argument_form_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool argument_form_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

char argument_form_upper(char byte)
{
	return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

bool argument_form_is(const char *at, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i < len && name[i] && argument_form_upper(at[i]) == name[i];
	     i++)
		;
	return i == len && !name[i];
}

size_t argument_form_blanks(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len && (at[n] == ' ' || at[n] == '\t'))
		n++;
	return n;
}

static bool is_printable(char byte)
{
	return (unsigned char)byte > ' ' && byte != 0x7f;
}

static bool is_in_set(char byte, const char *set)
{
	return argument_form_letter(byte) || argument_form_digit(byte) ||
	       (byte && strchr(set, byte));
}

/* Of names, and of values of letters. */
static bool in_name(char byte)
{
	return is_in_set(byte, "-_");
}

static bool in_word(char byte)
{
	return is_in_set(byte, "-._*");
}

static bool in_domain(char byte)
{
	return is_in_set(byte, ".-_:[]%") || (byte & 0x80);
}

/* Of numbers; $ is the last search's. */
static bool in_set(char byte)
{
	return argument_form_digit(byte) || (byte && strchr(":,*$", byte));
}

/* Of APPEND, without the bytes that have a meaning in URLs. */
static bool in_flag(char byte)
{
	return is_printable(byte) && !strchr("(){};=\"", byte);
}

static bool in_date(char byte)
{
	return is_in_set(byte, " :+-");
}

static bool in_group(char byte)
{
	return is_in_set(byte, ".-_+*?!,&@");
}

static bool in_range(char byte)
{
	return argument_form_digit(byte) || byte == '-';
}

static bool in_address(char byte)
{
	return argument_form_digit(byte) ||
	       (byte && strchr("abcdefABCDEF.:", byte));
}

/* A word as IMAP has them: no lists, strings or literals. */
static bool in_atom(char byte)
{
	return is_printable(byte) && !strchr("(){}\"", byte);
}

/* A word of these bytes, if it is not too long. */
static size_t measure_run(const char *at, size_t len, bool (*is)(char),
			  size_t max)
{
	size_t n = 0;

	while (n < len && is(at[n]))
		n++;
	return n <= max ? n : 0;
}

size_t argument_form_fit_quoted(const char *at, size_t len)
{
	size_t n = 1;

	if (!len || *at != '"')
		return 0;
	for (; n < len && at[n] != '"'; n++) {
		if (at[n] == '\\')
			n++;
		if (n == len ||
		    !(is_printable(at[n]) || at[n] == ' ' || at[n] == '\t'))
			return 0;
	}
	return n < len ? n + 1 : 0;
}

static size_t measure_atom_or_string(const char *at, size_t len)
{
	return *at == '"' ? argument_form_fit_quoted(at, len)
			  : measure_run(at, len, in_atom, ARGUMENT_MAX);
}

static size_t measure_list(const char *at, size_t len)
{
	size_t depth = 0, n = 0, quoted;

	if (*at != '(')
		return 0;
	do {
		quoted = at[n] == '"'
			     ? argument_form_fit_quoted(at + n, len - n)
			     : 0;
		depth += at[n] == '(';
		depth -= at[n] == ')';
		if (!quoted && !(at[n] == ' ' || (is_printable(at[n]) &&
						  !strchr("{}\"", at[n]))))
			return 0;
		n += quoted ? quoted : 1;
	} while (depth && n < len);
	return depth ? 0 : n;
}

size_t argument_form_fit_general(const char *at, size_t len)
{
	size_t n = 0, whole = 0, quoted;

	while (n < len) {
		quoted = at[n] == '"'
			     ? argument_form_fit_quoted(at + n, len - n)
			     : 0;
		if (!quoted && !(argument_form_blanks(at + n, 1) ||
				 (is_printable(at[n]) && !(at[n] & 0x80) &&
				  !strchr("{}\"", at[n]))))
			return whole;
		n += quoted ? quoted : 1;
		if (n < len && argument_form_blanks(at + n, 1))
			whole = n;
	}
	return n;
}

static bool is_one_of(const char *at, size_t len, const char *const *names)
{
	while (*names && !argument_form_is(at, len, *names))
		names++;
	return *names;
}

static size_t measure_one_of(const char *at, size_t len,
			     const char *const *names)
{
	size_t n = measure_run(at, len, in_name, WORD_MAX);

	return is_one_of(at, n, names) ? n : 0;
}

/* A word of these names, or a name, = and a value. */
static size_t measure_named(const char *at, size_t len,
			    const char *const *names)
{
	size_t name = measure_one_of(at, len, names), value;

	if (!name)
		return 0;
	if (name == len || at[name] != '=')
		return name;
	value = measure_run(at + name + 1, len - name - 1, is_printable,
			    ARGUMENT_MAX);
	return value ? name + 1 + value : 0;
}

static size_t measure_mechanism(const char *at, size_t len)
{
	bool quoted = *at == '"';
	size_t n = measure_run(at + quoted, len - quoted, in_name, WORD_MAX);

	if (!is_one_of(at + quoted, n, names_mechanisms) ||
	    (quoted && (n + 1 == len || at[n + 1] != '"')))
		return 0;
	return n + (quoted ? 2 : 0);
}

/* In angle brackets; a quoted part can hold blanks and brackets. */
static size_t measure_bracketed(const char *at, size_t len)
{
	size_t n = 1, quoted;

	for (; n < len && at[n] != '>'; n += quoted ? quoted : 1) {
		quoted = at[n] == '"'
			     ? argument_form_fit_quoted(at + n, len - n)
			     : 0;
		if (!quoted && (!is_printable(at[n]) || strchr("<\"", at[n])))
			return 0;
	}
	return n < len && n < ARGUMENT_MAX ? n + 1 : 0;
}

/* FROM:<path>; blanks and missing brackets are common. */
static size_t measure_path(const char *at, size_t len, const char *name)
{
	size_t before = strlen(name), n;

	if (len <= before || !argument_form_is(at, before, name) ||
	    at[before] != ':')
		return 0;
	before++;
	before += argument_form_blanks(at + before, len - before);
	if (before == len)
		return 0;
	n = at[before] == '<' ? measure_bracketed(at + before, len - before)
			      : measure_run(at + before, len - before,
					    is_printable, ARGUMENT_MAX);
	return n ? before + n : 0;
}

/* The bytes between the words of lists. */
static bool in_brackets(char byte)
{
	return byte == ' ' || byte == '(' || byte == ')';
}

/* ID's fields, as far as they are known, and values; NIL: there are none. */
static bool show_fields(const char *at, size_t len, bool literal, size_t *shown)
{
	size_t n = 0, name, value;

	*shown = argument_form_is(at, len, "NIL") ? len : 0;
	while (*shown < len) {
		n += measure_run(at + n, len - n, in_brackets, SIZE_MAX);
		*shown = n;
		if (n == len)
			break;
		name = argument_form_fit_quoted(at + n, len - n);
		if (!name || !is_one_of(at + n + 1, name - 2, names_fields))
			return true;
		n += name;
		n += measure_run(at + n, len - n, in_brackets, SIZE_MAX);
		value = n < len ? measure_atom_or_string(at + n, len - n) : 0;
		if (n == len && literal)
			*shown = n;
		if (!value)
			return true;
		n += value;
	}
	/* A literal in the place of a name. */
	return !literal;
}

/* As in "17-Jul-1996 02:44:25 -0700". */
static bool is_date(const char *at, size_t len)
{
	return (len == 27 || len == 28) &&
	       measure_run(at + 1, len - 2, in_date, SIZE_MAX) == len - 2;
}

/*
 * Flags, a date and the words of extensions.  A URL can hold what gives access:
 * only the part before it is shown.
 */
static bool show_append(const char *at, size_t len, bool literal, bool rest,
			size_t *shown)
{
	bool only_brackets = rest && !literal, list = false, quoted;
	size_t n;

	for (*shown = 0; *shown < len; *shown += n) {
		quoted = at[*shown] == '"';
		n = quoted ? argument_form_fit_quoted(at + *shown, len - *shown)
			   : measure_run(at + *shown, len - *shown, in_flag,
					 SIZE_MAX);
		if (in_brackets(at[*shown])) {
			list = at[*shown] == '(' || (list && at[*shown] == ' ');
			n = 1;
		} else if (argument_form_is(at + *shown, n, "URL")) {
			return true;
		} else if (!n || only_brackets ||
			   (quoted ? !is_date(at + *shown, n)
				   : !list && !is_one_of(at + *shown, n,
							 names_parts))) {
			return false;
		}
	}
	return true;
}

bool argument_form_show_general(char letter, const char *at, size_t len,
				bool literal, bool rest, size_t *shown)
{
	size_t n = argument_form_fit_general(at, len);
	bool fits = n == len;

	*shown = n;
	literal = literal && fits;
	switch (letter) {
	case 'C': return show_append(at, n, literal, rest, shown) && fits;
	case 'i': return show_fields(at, n, literal, shown) && fits;
	case 'h': *shown = 0; return fits;
	default: return fits;
	}
}

size_t argument_form_fit(char letter, const char *at, size_t len)
{
	if (!len)
		return 0;
	switch (letter) {
	case 'd': return measure_run(at, len, in_domain, DOMAIN_MAX);
	case 'u': return measure_run(at, len, is_printable, ARGUMENT_MAX);
	case 'w': return measure_run(at, len, in_word, WORD_MAX);
	case 'a': return measure_run(at, len, in_address, WORD_MAX);
	case 'p': return measure_one_of(at, len, names_proxied);
	case 'n': return measure_run(at, len, argument_form_digit, NUMBER_MAX);
	case 's': return measure_run(at, len, in_set, SIZE_MAX);
	case 'N': return measure_run(at, len, in_group, DOMAIN_MAX);
	case 'I':
		return *at == '<' ? measure_bracketed(at, len)
				  : measure_run(at, len, in_range, NUMBER_MAX);
	case 'F': return measure_path(at, len, "FROM");
	case 'T': return measure_path(at, len, "TO");
	case 'P': return measure_named(at, len, names_parameters);
	case 'A': return measure_named(at, len, names_attributes);
	case 'M': return measure_mechanism(at, len);
	case 'm': return measure_atom_or_string(at, len);
	case 'l': return measure_list(at, len);
	default: return 0;
	}
}

bool argument_form_is_word(const char *at, size_t len)
{
	while (len && is_printable(at[len - 1]) && !(at[len - 1] & 0x80))
		len--;
	return !len;
}
