/*
 * Formats the texts of notes. Addresses are those of the UCSPI environment;
 * every text fits into NOTE_MAX bytes and is cut there.
 */
#include "recio/session_notes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *get_ucspi(const char *proto, const char *what)
{
	char name[64];
	int n = snprintf(name, sizeof name, "%s%s", proto, what);

	return n < (int)sizeof name ? getenv(name) : NULL;
}

/* ADDRESS:PORT or [ADDRESS]:PORT; nothing where there is no address. */
static void format_address(char *text, size_t size, const char *ip,
			   const char *port)
{
	bool v6 = ip && strchr(ip, ':');

	*text = 0;
	if (ip)
		snprintf(text, size, "%s%s%s%s%s", v6 ? "[" : "", ip,
			 v6 ? "]" : "", port ? ":" : "", port ? port : "");
}

void session_notes_start(char text[NOTE_MAX], const char *program)
{
	const char *proto = getenv("PROTO");
	char remote[128], local[128];

	if (!proto) {
		snprintf(text, NOTE_MAX, "start %s", program);
		return;
	}
	format_address(remote, sizeof remote, get_ucspi(proto, "REMOTEIP"),
		       get_ucspi(proto, "REMOTEPORT"));
	format_address(local, sizeof local, get_ucspi(proto, "LOCALIP"),
		       get_ucspi(proto, "LOCALPORT"));
	snprintf(text, NOTE_MAX, "start %.32s %s%s%s %s", proto, remote,
		 *local ? " to " : "", local, program);
}

void session_notes_preload(char text[NOTE_MAX], const struct preload *preload,
			   const char *program)
{
	snprintf(text, NOTE_MAX, "unable to show %.400s its peer: %s", program,
		 preload->why);
}

static const char *name_reason(enum channel_why why)
{
	switch (why) {
	case CHANNEL_OPEN: return "open";
	case CHANNEL_EOF: return "eof";
	case CHANNEL_RESET: return "reset";
	case CHANNEL_GONE: return "program gone";
	case CHANNEL_TIMED_OUT: return "timed out";
	}
	return "?";
}

static void format_direction(char *text, size_t size,
			     const struct channel *channel)
{
	if (channel->dropped)
		snprintf(text, size,
			 "%" PRIu64 " bytes (%" PRIu64 " not taken), %s",
			 channel->bytes, channel->dropped,
			 name_reason(channel->why));
	else
		snprintf(text, size, "%" PRIu64 " bytes, %s", channel->bytes,
			 name_reason(channel->why));
}

void session_notes_end(char text[NOTE_MAX], const struct relay *relay,
		       double seconds)
{
	char in[128], out[128];

	format_direction(in, sizeof in, &relay->channel[RELAY_IN]);
	format_direction(out, sizeof out, &relay->channel[RELAY_OUT]);
	snprintf(text, NOTE_MAX, "end < %s; > %s; %.3f seconds", in, out,
		 seconds);
}

void session_notes_content(char text[NOTE_MAX], char sign,
			   const struct message_counter *counted, bool whole)
{
	snprintf(text, NOTE_MAX,
		 "%c %" PRIu64 " bytes, %" PRIu64 " lines of message%s", sign,
		 counted->bytes, counted->lines, whole ? "" : ", unfinished");
}

void session_notes_tls(char text[NOTE_MAX], const struct tls_facts *facts)
{
	snprintf(text, NOTE_MAX, "TLS %.100s %.100s%s%.255s%s%.400s",
		 facts->version, facts->cipher, *facts->server_name ? " " : "",
		 facts->server_name, *facts->client ? ", client " : "",
		 facts->client);
}

void session_notes_unseen(char text[NOTE_MAX], const char *why, size_t len)
{
	int most = len < 600 ? (int)len : 600;

	snprintf(text, NOTE_MAX, "TLS, not seen: %.*s", most, why);
}

void session_notes_lost(char text[NOTE_MAX], uint64_t records, uint64_t bytes)
{
	snprintf(text, NOTE_MAX, "lost %" PRIu64 " records, %" PRIu64 " bytes",
		 records, bytes);
}

void session_notes_full(char text[NOTE_MAX], uint64_t bytes)
{
	snprintf(text, NOTE_MAX,
		 "recorded %" PRIu64 " bytes, the rest is left out", bytes);
}

void session_notes_gave_up(char text[NOTE_MAX], const struct relay *relay)
{
	snprintf(text, NOTE_MAX,
		 "gave up: the peer took nothing for %u seconds, %" PRIu64
		 " bytes are not delivered",
		 relay->timeout, relay->channel[RELAY_OUT].dropped);
}
