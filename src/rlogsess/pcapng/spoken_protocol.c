/*
 * Protocols by words of their lines.  The first line of either direction that
 * has one decides, within the first SPOKEN_LINES lines: a session that is seen
 * from its middle may begin with lines of a message.
 * Tested by tests/unit/rlogsess/spoken_protocol.c.
 */
#include "rlogsess/pcapng/spoken_protocol.h"

#include <string.h>

enum { SPOKEN_LINES = 16 };

enum {
	PORT_LMTP = 24,
	PORT_SMTP = 25,
	PORT_POP3 = 110,
	PORT_NNTP = 119,
	PORT_IMAP = 143,
	PORT_SIEVE = 4190,
};

struct spoken_word {
	const char *word;
	uint16_t port;
};

/* Beginnings of a server's lines. */
static const struct spoken_word server_words[] = {
    {"200 ", PORT_NNTP},  {"201 ", PORT_NNTP},         {"+OK", PORT_POP3},
    {"-ERR", PORT_POP3},  {"* OK", PORT_IMAP},         {"* PREAUTH", PORT_IMAP},
    {"* BYE", PORT_IMAP}, {"* CAPABILITY", PORT_IMAP}, {"\"IMPL", PORT_SIEVE},
};

/* Words of a client, after a tag if the protocol is IMAP. */
static const struct spoken_word client_words[] = {
    {"LHLO", PORT_LMTP},  {"EHLO", PORT_SMTP},        {"HELO", PORT_SMTP},
    {"MAIL", PORT_SMTP},  {"RCPT", PORT_SMTP},        {"USER", PORT_POP3},
    {"APOP", PORT_POP3},  {"RETR", PORT_POP3},        {"UIDL", PORT_POP3},
    {"GROUP", PORT_NNTP}, {"MODE READER", PORT_NNTP}, {"IHAVE", PORT_NNTP},
    {"LOGIN", PORT_IMAP}, {"CAPABILITY", PORT_IMAP},  {"SELECT", PORT_IMAP},
    {"UID", PORT_IMAP},   {"FETCH", PORT_IMAP},       {"APPEND", PORT_IMAP},
};

/* Ports of servers; the registered ones come first. */
static const uint16_t spoken_ports[] = {25,  110, 143, 119, 24,  4190, 587,
					465, 993, 995, 563, 433, 2525};

bool spoken_protocol_has_port(uint16_t port)
{
	for (size_t i = 0; i < sizeof spoken_ports / sizeof *spoken_ports; i++)
		if (spoken_ports[i] == port)
			return true;
	return false;
}

const char *spoken_protocol_greeting(uint16_t port)
{
	switch (port) {
	case PORT_LMTP:
	case PORT_SMTP: return "220 \r\n";
	case PORT_POP3: return "+OK\r\n";
	case PORT_NNTP: return "200 \r\n";
	case PORT_IMAP: return "* OK\r\n";
	default: return "";
	}
}

/* True for a reply of SMTP: three digits, and a space, a dash or the end. */
static bool is_smtp_answer(struct slice line)
{
	if (line.len < 3 || *line.at < '2' || *line.at > '5')
		return false;
	for (size_t i = 1; i < 3; i++)
		if (line.at[i] < '0' || line.at[i] > '9')
			return false;
	return line.len == 3 || line.at[3] == ' ' || line.at[3] == '-';
}

static uint16_t find_server_port(struct slice line)
{
	size_t count = sizeof server_words / sizeof *server_words;

	for (size_t i = 0; i < count; i++) {
		struct slice rest = line;

		if (slice_word(&rest, server_words[i].word))
			return server_words[i].port;
	}
	return is_smtp_answer(line) ? PORT_SMTP : 0;
}

static uint16_t find_client_port(struct slice line)
{
	size_t count = sizeof client_words / sizeof *client_words;
	struct slice command = line;

	slice_until(&command, ' ');
	for (size_t i = 0; i < count; i++) {
		bool tagged = client_words[i].port == PORT_IMAP;
		struct slice rest = tagged ? command : line;

		if (slice_word(&rest, client_words[i].word) &&
		    (!rest.len || *rest.at == ' '))
			return client_words[i].port;
	}
	return 0;
}

static void learn_spoken_line(struct spoken_protocol *protocol, int direction,
			      struct slice line)
{
	uint16_t port = find_server_port(line);
	bool by_server = port != 0;

	if (!by_server)
		port = find_client_port(line);
	if (!port)
		return;
	protocol->port = port;
	protocol->client_out = by_server == (direction == DIALOGUE_IN);
}

void spoken_protocol_take(struct spoken_protocol *protocol,
			  const struct session_part *part)
{
	struct slice rest = part->text;
	struct stream_line *line;
	bool ends = true;

	if (part->kind != PART_BYTES)
		return;
	line = &protocol->line[part->direction];
	while (rest.len && !protocol->port &&
	       protocol->lines[part->direction] < SPOKEN_LINES) {
		slice_skip(&rest,
			   stream_line_add(line, rest.at, rest.len, &ends));
		if (!ends)
			break;
		protocol->lines[part->direction]++;
		learn_spoken_line(protocol, part->direction,
				  stream_line_text(line));
		stream_line_clear(line);
	}
}
