/*
 * Reads the reply subject of a message.  A server sends it, so each of its
 * words is measured before it is read, numbers must be digits that do not
 * overflow, and nothing may be left over.
 */
#include "stream/feed_reply.h"

#include <stddef.h>
#include <string.h>

#include "base/number.h"

enum { WORDS_OLD = 9, WORDS_NEW = 11, WORDS_MAX = 12, DIGITS_MAX = 20 };

struct word {
	const char *text;
	size_t len;
};

/* Returns how many words a text has, or 0 if they are too many. */
static size_t split_words(struct word words[WORDS_MAX], const char *text)
{
	for (size_t n = 0; n < WORDS_MAX; n++) {
		words[n] = (struct word){text, strcspn(text, ".")};
		text += words[n].len;
		if (!*text)
			return n + 1;
		text++;
	}
	return 0;
}

static bool matches_word(const struct word *word, const char *text)
{
	return strlen(text) == word->len &&
	       !memcmp(word->text, text, word->len);
}

static bool read_number_word(uint64_t *value, const struct word *word,
			     uint64_t most)
{
	char digits[DIGITS_MAX + 1];

	if (word->len > DIGITS_MAX)
		return false;
	memcpy(digits, word->text, word->len);
	digits[word->len] = 0;
	return number_parse_count(value, digits, most);
}

bool feed_reply_parse(struct feed_reply *reply, const char *text,
		      const char *stream, const char *consumer)
{
	struct word words[WORDS_MAX];
	const struct word *from;
	size_t n = split_words(words, text);
	uint64_t time;

	if (n != WORDS_OLD && n != WORDS_NEW && n != WORDS_MAX)
		return false;
	from = words + (n == WORDS_OLD ? 2 : 4);
	if (!matches_word(&words[0], "$JS") ||
	    !matches_word(&words[1], "ACK") ||
	    !matches_word(&from[0], stream) ||
	    !matches_word(&from[1], consumer))
		return false;
	if (!read_number_word(&reply->delivered, &from[2], UINT64_MAX) ||
	    !read_number_word(&reply->sequence, &from[3], UINT64_MAX) ||
	    !read_number_word(&reply->number, &from[4], UINT64_MAX) ||
	    !read_number_word(&time, &from[5], INT64_MAX) ||
	    !read_number_word(&reply->pending, &from[6], UINT64_MAX))
		return false;
	reply->time = (int64_t)time;
	return reply->delivered && reply->sequence && reply->number;
}
