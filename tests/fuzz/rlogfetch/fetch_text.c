/*
 * Two messages of a stranger, one behind the other.  The first byte has the
 * forms and the join before them; a NUL is between the messages.  Their text is
 * whole lines unless the join tells otherwise, is no longer than theirs but for
 * notes, and comes again from the same join.  A refused message changes
 * nothing.
 */
#include "rlogfetch/fetch_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NOTES = 400 }; /* bytes of a note at most */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool what)
{
	if (!what)
		abort();
}

static bool is_same_join(const struct fetch_join *a, const struct fetch_join *b)
{
	return a->midline == b->midline && a->ended == b->ended &&
	       a->labelled == b->labelled && a->behind == b->behind &&
	       a->met == b->met && a->last.sec.x == b->last.sec.x &&
	       a->last.nano == b->last.nano && a->missed == b->missed;
}

/* Makes the text twice; returns whether it was taken. */
static bool make_text(const struct nats_message *message,
		      struct fetch_join *join)
{
	struct fetch_text text = {0}, again = {0};
	const struct fetch_join before = *join;
	struct fetch_join other = *join;
	const int r = fetch_text_make(&text, message, join);

	require(r >= 0);
	require(fetch_text_make(&again, message, &other) == r);
	require(is_same_join(join, &other) && text.len == again.len);
	require(!text.len || !memcmp(text.bytes, again.bytes, text.len));
	if (r == 0) {
		require(is_same_join(join, &before) && !text.len && *text.why);
	} else {
		require(text.len <= (message->len + 1) * NOTES);
		require(!join->ended && !join->missed);
		if (text.len)
			require(join->midline ==
				(text.bytes[text.len - 1] != '\n'));
		else
			require(join->midline == before.midline);
		require(!join->met || join->behind);
	}
	fetch_text_free(&text);
	fetch_text_free(&again);
	return r > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const forms[] = {"raw", "json"};
	struct fetch_join join = {.last = {.sec = {UINT64_C(1) << 62}}};
	const uint8_t flags = size ? *data : 0;
	const uint8_t *at = data + 1, *end = data + size, *middle;
	struct nats_message message = {.form = forms[flags & 1], .follows = 9};
	char *bytes;

	if (size < 2)
		return 0;
	join.midline = flags & 4;
	join.ended = join.midline && flags & 8;
	join.labelled = flags & 16;
	join.behind = join.labelled && flags & 32;
	join.met = join.behind && flags & 64;
	join.missed = flags & 128 ? 3 : 0;
	middle = memchr(at, 0, (size_t)(end - at));
	for (int i = 0; i < 2; i++) {
		message.len = (size_t)((middle ? middle : end) - at);
		bytes = malloc(message.len + !message.len);
		require(bytes != NULL);
		memcpy(bytes, at, message.len);
		message.bytes = bytes;
		make_text(&message, &join);
		free(bytes);
		if (!middle)
			break;
		at = middle + 1;
		middle = NULL;
		message.form = forms[flags >> 1 & 1];
	}
	return 0;
}
