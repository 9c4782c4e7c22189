/*
 * Queries for mails.  A client writes "<A.b"c@Example.org>", and qmail-send
 * logs the sender without quotes, with '_' or a space in place of each byte
 * that is unsafe to print.  Both are reduced to one form before they are
 * compared: small letters, '_' for unsafe bytes, no quotes, no source route,
 * and at most MAIL_QUERY_ADDRESS bytes.  Tested by
 * tests/unit/rlogsess/mail_query.c.
 */
#include "rlogsess/trace/mail_query.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"

/* Removes "<" and ">" around a text, if it has both. */
static struct slice strip_brackets(struct slice text)
{
	if (text.len < 2 || text.at[0] != '<' || text.at[text.len - 1] != '>')
		return text;
	return (struct slice){text.at + 1, text.len - 2};
}

/* Removes a source route, "@HOST,@HOST:" (RFC 5321, appendix C). */
static struct slice strip_route(struct slice address)
{
	struct slice rest = address;

	if (!slice_prefix(&rest, "@") || !memchr(rest.at, ':', rest.len))
		return address;
	slice_until(&rest, ':');
	return rest;
}

static char reduce_byte(char byte)
{
	if (byte <= ' ' || byte >= 127 || byte == '%')
		return '_';
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* Writes an address in the form in which it is compared; returns its length. */
static size_t reduce_address(char out[MAIL_QUERY_ADDRESS], struct slice address)
{
	struct slice rest = strip_route(strip_brackets(address));
	size_t n = 0;

	for (size_t i = 0; i < rest.len && n < MAIL_QUERY_ADDRESS; i++) {
		if (rest.at[i] == '"')
			continue;
		if (rest.at[i] == '\\' && i + 1 < rest.len)
			i++;
		out[n++] = reduce_byte(rest.at[i]);
	}
	return n;
}

/* True for a number behind the word; false leaves *number as it was. */
static bool parse_numbered(const char *arg, const char *word, uint64_t *number)
{
	struct slice rest = {arg, strlen(arg)};
	uint64_t n;

	if (!slice_prefix(&rest, word) ||
	    !slice_number(&rest, UINT64_MAX, &n) || rest.len)
		return false;
	*number = n;
	return true;
}

int mail_query_parse(struct mail_query *query, const char *arg)
{
	*query = (struct mail_query){.text = {arg, strlen(arg)}};
	if (!*arg) {
		errno = EINVAL;
		return -1;
	}
	query->has_qp = parse_numbered(arg, "", &query->number) ||
			parse_numbered(arg, "qp ", &query->number);
	query->has_message = parse_numbered(arg, "msg ", &query->number);
	query->text = strip_brackets(query->text);
	query->address_len = reduce_address(query->address, query->text);
	return 0;
}

bool mail_query_address(const struct mail_query *query, struct slice address)
{
	char reduced[MAIL_QUERY_ADDRESS];

	return reduce_address(reduced, address) == query->address_len &&
	       memcmp(reduced, query->address, query->address_len) == 0;
}

bool mail_query_id(const struct mail_query *query, struct slice id)
{
	return id.len && id.len == query->text.len &&
	       memcmp(id.at, query->text.at, id.len) == 0;
}

bool mail_query_qp(const struct mail_query *query, uint64_t qp)
{
	return qp && query->has_qp && qp == query->number;
}

bool mail_query_message(const struct mail_query *query, uint64_t number)
{
	return query->has_message && number == query->number;
}

uint64_t mail_query_hash(struct slice address)
{
	char reduced[MAIL_QUERY_ADDRESS];

	return hash_fnv(HASH_FNV, reduced, reduce_address(reduced, address));
}
