/*
 * IDs in replies.  The last place that has the form counts, since a server that
 * passes a mail on may quote the reply of the next one.  Tested by
 * tests/unit/rlogsess/queue_reply.c.
 */
#include "rlogsess/trace/queue_reply.h"

#include <string.h>

/* True for a byte that ends a word, and for the end of the text. */
static bool is_end(struct slice text, size_t n, const char *ends)
{
	return n >= text.len || text.at[n] == ' ' || text.at[n] == '\r' ||
	       (text.at[n] && strchr(ends, text.at[n]));
}

/* True if word stands at the beginning; its spaces may be bytes of ends. */
static bool has_words(struct slice text, const char *word, const char *ends)
{
	size_t n = strlen(word);

	if (text.len < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (word[i] == ' ' ? !is_end(text, i, ends)
				   : text.at[i] != word[i])
			return false;
	return true;
}

/* Returns the word at the beginning. */
static struct slice take_id(struct slice text, const char *ends)
{
	size_t n = 0;

	while (!is_end(text, n, ends))
		n++;
	if (n && text.at[n - 1] == '.')
		n--;
	return (struct slice){text.at, n};
}

/* The word before the n bytes at the end of text. */
static struct slice take_id_before(struct slice text, const char *ends)
{
	size_t n = 0;

	while (n < text.len && !is_end(text, text.len - n - 1, ends))
		n++;
	return (struct slice){text.at + text.len - n, n};
}

uint64_t queue_reply_qp(struct slice reply)
{
	uint64_t qp = 0, n;

	for (; reply.len; slice_skip(&reply, 1)) {
		struct slice rest = reply;

		if (slice_prefix(&rest, " qp ") &&
		    slice_number(&rest, UINT64_MAX, &n) &&
		    is_end(rest, 0, "\t"))
			qp = n;
	}
	return qp;
}

struct slice queue_reply_id(struct slice reply, const char *ends)
{
	static const char exim[] = " id=", postfix[] = " queued as ",
			  sendmail[] = " Message accepted for delivery";
	struct slice id = {reply.at, 0}, found;

	for (size_t i = 0; i < reply.len; i++) {
		struct slice rest = {reply.at + i, reply.len - i};

		found.len = 0;
		if (has_words(rest, exim, ends)) {
			slice_skip(&rest, sizeof exim - 1);
			found = take_id(rest, ends);
		} else if (has_words(rest, postfix, ends)) {
			slice_skip(&rest, sizeof postfix - 1);
			found = take_id(rest, ends);
		} else if (has_words(rest, sendmail, ends)) {
			found =
			    take_id_before((struct slice){reply.at, i}, ends);
		}
		if (found.len)
			id = found;
	}
	return id;
}
