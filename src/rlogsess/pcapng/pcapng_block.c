/*
 * Layout of pcapng blocks.  Each has its type, its length, its body and its
 * length again, in units of four bytes.  Options are a code, a length without
 * padding, and a value; an end of options follows unless there are none.  An
 * output sees whole blocks.  Tested by tests/unit/rlogsess/pcapng_block.c.
 */
#include "rlogsess/pcapng/pcapng_block.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	BLOCK_FRAME = 12, /* bytes of type and both lengths */
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	LINKTYPE_RAW = 101, /* a packet begins with its IP header */
	OPTION_COMMENT = 1,
	OPTION_FLAGS = 2,       /* of a packet */
	OPTION_NAME = 2,        /* of an interface */
	OPTION_APPLICATION = 4, /* of a section */
	OPTION_RESOLUTION = 9,  /* of an interface */
	OPTION_HEAD = 4,
	NANOSECONDS = 9, /* a negative power of 10 */
	NAME_ROOM = 1024,
	TAIL_ROOM = 64, /* for the number of comments that are left out */
};

static const char zeros[4];

static size_t round_up(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static size_t put_u16(char *to, uint16_t n)
{
	to[0] = (char)(n & 255);
	to[1] = (char)(n >> 8);
	return 2;
}

static size_t put_u32(char *to, uint32_t n)
{
	put_u16(to, (uint16_t)(n & 65535));
	put_u16(to + 2, (uint16_t)(n >> 16));
	return 4;
}

/* Writes an option with its padding; returns its length. */
static size_t put_option(char *to, uint16_t code, const char *value, size_t len)
{
	size_t whole = round_up(len);

	put_u16(to, code);
	put_u16(to + 2, (uint16_t)len);
	memmove(to + OPTION_HEAD, value, len);
	memset(to + OPTION_HEAD + len, 0, whole - len);
	return OPTION_HEAD + whole;
}

static size_t put_option_u32(char *to, uint16_t code, uint32_t n)
{
	char value[4];

	put_u32(value, n);
	return put_option(to, code, value, sizeof value);
}

/* Escapes as much of title and text as fits into the room; the length. */
static size_t escape_comment(char *to, size_t room, const char *title,
			     struct slice text)
{
	size_t len = strlen(title), used, n;

	memcpy(to, title, len);
	while (text.len) {
		n = escape_shown(to + len, room - len, text.at, text.len,
				 &used);
		if (!used)
			break;
		len += n;
		slice_skip(&text, used);
	}
	/* A TAB is no control byte to escape_shown. */
	for (size_t i = 0; i < len; i++)
		if (to[i] == '\t')
			to[i] = ' ';
	return len;
}

void pcapng_comments_add(struct pcapng_comments *comments, const char *title,
			 struct slice text)
{
	char comment[PCAPNG_COMMENT];
	size_t room = sizeof comments->options - TAIL_ROOM - comments->len;
	size_t len = escape_comment(comment, sizeof comment, title, text);

	if (OPTION_HEAD + round_up(len) > room) {
		comments->left_out++;
		return;
	}
	comments->len += put_option(comments->options + comments->len,
				    OPTION_COMMENT, comment, len);
}

/* Tells of comments that did not fit, for which there is room. */
static void end_comments(struct pcapng_comments *comments)
{
	char text[TAIL_ROOM - OPTION_HEAD];

	if (!comments->left_out)
		return;
	snprintf(text, sizeof text, "%" PRIu64 " more comments left out",
		 comments->left_out);
	comments->len += put_option(comments->options + comments->len,
				    OPTION_COMMENT, text, strlen(text));
}

static void begin_block(struct output *output, uint32_t type, size_t len)
{
	char head[8];

	put_u32(head, type);
	put_u32(head + 4, (uint32_t)len);
	output_bytes(output, head, sizeof head);
}

static void end_block(struct output *output, size_t len)
{
	char tail[4];

	put_u32(tail, (uint32_t)len);
	output_bytes(output, tail, sizeof tail);
	output_end_line(output, false);
}

static void write_block(struct output *output, uint32_t type, const char *body,
			size_t len)
{
	begin_block(output, type, BLOCK_FRAME + len);
	output_bytes(output, body, len);
	end_block(output, BLOCK_FRAME + len);
}

void pcapng_block_section(struct output *output, const char *comment,
			  const char *application)
{
	char body[4096];
	size_t len = put_u32(body, BYTE_ORDER_MAGIC);

	len += put_u16(body + len, 1); /* version 1.0 */
	len += put_u16(body + len, 0);
	memset(body + len, 0xff, 8); /* the length of the section is unknown */
	len += 8;
	len += put_option(body + len, OPTION_COMMENT, comment, strlen(comment));
	len += put_option(body + len, OPTION_APPLICATION, application,
			  strlen(application));
	len += put_option(body + len, 0, zeros, 0);
	write_block(output, BLOCK_SECTION, body, len);
}

void pcapng_block_interface(struct output *output, const char *name)
{
	static const char description[] = "records of sessions";
	static const char resolution[] = {NANOSECONDS};
	char body[NAME_ROOM + 128], shown[NAME_ROOM];
	size_t len = put_u32(body, LINKTYPE_RAW);
	size_t n = escape_comment(shown, sizeof shown, "",
				  (struct slice){name, strlen(name)});

	len += put_u32(body + len, 0); /* no limit of a packet's length */
	len += put_option(body + len, OPTION_NAME, shown, n);
	len += put_option(body + len, 3, description, sizeof description - 1);
	len += put_option(body + len, OPTION_RESOLUTION, resolution, 1);
	len += put_option(body + len, 0, zeros, 0);
	write_block(output, BLOCK_INTERFACE, body, len);
}

void pcapng_block_packet(struct output *output,
			 const struct pcapng_packet *packet,
			 struct pcapng_comments *comments)
{
	uint64_t time = packet->time > 0 ? (uint64_t)packet->time : 0;
	size_t captured = packet->headers.len + packet->payload.len;
	char head[20], flags[12];
	size_t len = BLOCK_FRAME + sizeof head + round_up(captured);

	end_comments(comments);
	len += comments->len + sizeof flags;
	put_u32(head, packet->interface);
	put_u32(head + 4, (uint32_t)(time >> 32));
	put_u32(head + 8, (uint32_t)time);
	put_u32(head + 12, (uint32_t)captured);
	put_u32(head + 16, (uint32_t)(captured + packet->missing));
	put_option_u32(flags, OPTION_FLAGS, packet->inbound ? 1 : 2);
	memset(flags + 8, 0, 4);
	begin_block(output, BLOCK_PACKET, len);
	output_bytes(output, head, sizeof head);
	output_bytes(output, packet->headers.at, packet->headers.len);
	output_bytes(output, packet->payload.at, packet->payload.len);
	output_bytes(output, zeros, round_up(captured) - captured);
	output_bytes(output, comments->options, comments->len);
	output_bytes(output, flags, sizeof flags);
	end_block(output, len);
	comments->len = 0;
	comments->left_out = 0;
}
