/*
 * Addresses out of text.  The forms of a program's own address are those of
 * known_form.h and records.5: HOST:ADDRESS:PORT, HOST:ADDRESS, ADDRESS:PORT or
 * [ADDRESS]:PORT, of which an address may have colons.  An address of IPv4 is
 * held as ::ffff:a.b.c.d; if one end has another, both are written as IPv6.
 * Tested by tests/unit/rlogsess/session_ends.c.
 */
#include "rlogsess/pcapng/session_ends.h"

#include <string.h>

#include <arpa/inet.h>

enum { MAPPED = 12 /* bytes before an address of IPv4 */ };

static const unsigned char mapped[MAPPED] = {0, 0, 0, 0, 0,    0,
					     0, 0, 0, 0, 0xff, 0xff};

/* Reads an address, perhaps with a zone or in brackets. */
static bool parse_end_address(struct tcp_end *end, struct slice text)
{
	char word[CONNECTIONS_LOCAL];

	if (slice_prefix(&text, "["))
		text = slice_until(&text, ']');
	text = slice_until(&text, '%');
	slice_copy(text, word, sizeof word);
	if (inet_pton(AF_INET6, word, end->address) == 1)
		return true;
	memcpy(end->address, mapped, MAPPED);
	return inet_pton(AF_INET, word, end->address + MAPPED) == 1;
}

static bool parse_end_port(struct tcp_end *end, struct slice text)
{
	uint64_t port;

	if (!slice_number(&text, 65535, &port) || text.len)
		return false;
	end->port = (uint16_t)port;
	return true;
}

/* "HOST:ADDRESS" */
static bool parse_named_address(struct tcp_end *end, struct slice text)
{
	slice_until(&text, ':');
	return parse_end_address(end, text);
}

/* Reads the program's own address; its port is 0 if that is missing. */
static bool parse_local(struct tcp_end *end, const char *local)
{
	struct slice whole = {local, strlen(local)}, rest = whole;
	struct slice port = slice_cut_last(&rest, ':');

	if (parse_end_port(end, port) &&
	    (parse_end_address(end, rest) || parse_named_address(end, rest)))
		return true;
	end->port = 0;
	return parse_named_address(end, whole) || parse_end_address(end, whole);
}

static bool is_mapped(const struct tcp_end *end)
{
	return memcmp(end->address, mapped, MAPPED) == 0;
}

/* Appends the name of a stand-in. */
static void name_stand_in(struct session_ends *ends, int end, const char *what)
{
	bool client = (end == DIALOGUE_OUT) == ends->client_out;
	const char *const words[] = {*ends->made_up ? ", " : "", "the ",
				     client ? "client's " : "server's ", what};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		strncat(ends->made_up, words[i],
			sizeof ends->made_up - strlen(ends->made_up) - 1);
}

/* The program is the client if its lines say so, or else if ports do. */
static bool is_client(const struct session_ends *ends,
		      const struct spoken_protocol *protocol)
{
	if (protocol->port)
		return protocol->client_out;
	return spoken_protocol_has_port(ends->end[DIALOGUE_IN].port) &&
	       !spoken_protocol_has_port(ends->end[DIALOGUE_OUT].port);
}

static void choose_address(struct session_ends *ends, int end, bool known)
{
	const struct tcp_end *other = &ends->end[!end];
	unsigned char *address = ends->end[end].address;

	if (known)
		return;
	memset(address, 0, sizeof ends->end[end].address);
	/* The other address, or its stand-in, may be one of IPv6. */
	if (is_mapped(other))
		memcpy(address, mapped, MAPPED);
	name_stand_in(ends, end, "address");
}

static void choose_server_port(struct session_ends *ends, int server,
			       const struct spoken_protocol *protocol)
{
	if (ends->end[server].port)
		return;
	ends->end[server].port =
	    protocol->port ? protocol->port : SESSION_PORT_UNKNOWN;
	name_stand_in(ends, server, "port");
}

/* Both ends may be stand-ins of one address: then their ports differ. */
static void choose_client_port(struct session_ends *ends, int client,
			       uint64_t number)
{
	struct tcp_end *end = &ends->end[client];
	uint64_t ports = 65536 - SESSION_PORT_FIRST;

	if (end->port)
		return;
	end->port = (uint16_t)(SESSION_PORT_FIRST + number % ports);
	if (end->port == ends->end[!client].port)
		end->port = end->port > SESSION_PORT_FIRST
				? (uint16_t)(end->port - 1)
				: UINT16_MAX;
	name_stand_in(ends, client, "port");
}

void session_ends_find(struct session_ends *ends, const struct session *session,
		       const struct spoken_protocol *protocol)
{
	struct slice peer = {session->peer, strlen(session->peer)};
	struct slice port = {session->port, strlen(session->port)};
	struct tcp_end *in, *out;
	bool known_in, known_out;
	int client;

	*ends = (struct session_ends){.client_out = false};
	in = &ends->end[DIALOGUE_IN];
	out = &ends->end[DIALOGUE_OUT];
	known_in = parse_end_address(in, peer);
	known_out = parse_local(out, session->local);
	if (!parse_end_port(in, port))
		in->port = 0;
	if (!known_in && !known_out)
		memcpy(out->address, mapped, MAPPED);
	ends->client_out = is_client(ends, protocol);
	choose_address(ends, DIALOGUE_IN, known_in);
	choose_address(ends, DIALOGUE_OUT, known_out);
	client = ends->client_out ? DIALOGUE_OUT : DIALOGUE_IN;
	choose_server_port(ends, !client, protocol);
	choose_client_port(ends, client, session->group.number);
	ends->v6 = !is_mapped(in) || !is_mapped(out);
}
