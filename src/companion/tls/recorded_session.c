/*
 * A TLS session on the descriptors of the recorded session is part of it; on
 * any other open descriptor it is not. A session without descriptors, whose
 * bytes the program moves itself through memory, is a candidate if the program
 * has the right role: its packets carry the random of its ClientHello, and the
 * relay, which has seen that of the recorded session, drops those of others.
 *
 * So nothing is remembered about a session but the key of the one that was told
 * last (clear_sender.h). Its address alone would be no key, since libraries use
 * the memory again.
 *
 * Tested by tests/sh/companion-tls.t.
 */
#include "companion/tls/recorded_session.h"

#include <string.h>

#include "companion/carried_channel.h"

bool recorded_session_match(struct recorded_session *session,
			    const struct session_ends *ends)
{
	enum session_file in = carried_channel_session(ends->read_fd);
	enum session_file out = in;

	if (ends->write_fd != ends->read_fd)
		out = carried_channel_session(ends->write_fd);
	session->by_descriptor = in == SESSION_FILE || out == SESSION_FILE;
	if (session->by_descriptor)
		return true;
	return in == SESSION_CLOSED && out == SESSION_CLOSED &&
	       ends->is_server != carried_channel_is_client();
}

uint64_t recorded_session_key(const struct recorded_session *session)
{
	const uint64_t odd = 0x9e3779b97f4a7c15;
	uint64_t part, key = (uintptr_t)session->object;

	for (size_t i = 0; i < CLEAR_RANDOM; i += sizeof part) {
		memcpy(&part, session->random + i, sizeof part);
		key = key * odd + part;
	}
	return key ? key : 1;
}
