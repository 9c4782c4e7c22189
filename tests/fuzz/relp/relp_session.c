/*
 * Bytes of a hostile server: the first byte is the length of the pieces that
 * they are received in, the second one the window; the client sends all that it
 * may between two pieces. What must hold: the window is not exceeded; a message
 * counts as acknowledged at most once for each "200" that was received, and
 * never after the end; the server's words are printable and end; and the frames
 * do not depend on the pieces.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relp/relp_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static size_t count_successes(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i + 3 <= len; i++)
		n += memcmp(text + i, "200", 3) == 0;
	return n;
}

static uint64_t send_all(struct relp_session *session)
{
	char out[RELP_HEADER_MAX];
	uint64_t sent = 0;

	while (relp_session_room(session)) {
		size_t n = relp_session_add(session, 8096, out);

		require(n <= RELP_HEADER_MAX, "a header that is too long");
		sent++;
	}
	return sent;
}

static void check_session(const struct relp_session *session,
			  unsigned int window, uint64_t sent)
{
	const char *end = memchr(session->text, '\0', sizeof session->text);

	require(relp_session_in_flight(session) <= window, "the window");
	require(relp_session_acked(session) + relp_session_in_flight(session) ==
		    sent,
		"messages sent are in flight or acknowledged");
	require(end != NULL, "the words end");
	for (const char *at = session->text; at < end; at++)
		require(*at >= ' ' && *at <= '~', "the words are printable");
}

static void feed_session(const char *text, size_t len, size_t piece,
			 unsigned int window)
{
	struct relp_session session;
	char out[RELP_OPEN_MAX];
	uint64_t sent = 0, acked;
	bool lives = true;

	relp_session_begin(&session, window, out);
	for (size_t at = 0, n; at < len; at += n) {
		bool lived = lives;

		n = len - at < piece ? len - at : piece;
		acked = relp_session_acked(&session);
		lives = relp_session_receive(&session, text + at, n);
		require(lived || !lives, "a session ends once");
		require(lived || relp_session_acked(&session) == acked,
			"nothing is acknowledged after the end");
		require(lives == (session.phase < RELP_CLOSED), "the phase");
		check_session(&session, window, sent);
		sent += send_all(&session);
	}
	require(relp_session_acked(&session) <= count_successes(text, len),
		"each acknowledgement was received");
}

/* Returns a hash of the frames that are read in pieces of this length. */
static uint64_t hash_frames(const char *text, size_t len, size_t piece)
{
	struct relp_parser parser = {.count = 0};
	uint64_t hash = 0;
	size_t used;
	int rc = 0;

	for (size_t at = 0; at < len && rc >= 0; at += used) {
		rc = relp_parser_read(&parser, text + at,
				      len - at < piece ? len - at : piece,
				      &used);
		require(parser.frame.kept <= RELP_DATA_KEPT &&
			    parser.frame.kept <= parser.frame.len &&
			    strlen(parser.frame.command) <= RELP_COMMAND_MAX,
			"the bounds of a frame");
		hash += rc < 0;
		for (size_t i = 0; rc > 0 && i < parser.frame.kept; i++)
			hash = hash * 31 + (unsigned char)parser.frame.data[i];
		if (rc > 0)
			hash =
			    hash * 31 + parser.frame.number + parser.frame.len;
	}
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 2;
	size_t piece;

	if (size < 2)
		return 0;
	piece = 1 + data[0];
	feed_session(text, size - 2, piece, 1 + data[1] % RELP_WINDOW);
	require(hash_frames(text, size - 2, piece) ==
		    hash_frames(text, size - 2, size),
		"frames do not depend on the pieces");
	return 0;
}
