/*
 * Writing and reading frames of RELP.  The parser is a state machine that takes
 * one byte at a time, but for data, which it takes as a block.  Its memory is
 * bounded: numbers have nine digits at most, a command has RELP_COMMAND_MAX
 * bytes, and data after RELP_DATA_KEPT bytes is counted and dropped.
 */
#include "relp/relp_frame.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS = 9 };

size_t relp_frame_begin(char *out, uint32_t number, const char *command,
			size_t len)
{
	char text[RELP_HEADER_MAX + 1];
	int n = snprintf(text, sizeof text, "%u %.*s %zu%s", (unsigned)number,
			 RELP_COMMAND_MAX, command, len, len ? " " : "");

	memcpy(out, text, (size_t)n);
	return (size_t)n;
}

/* Adds a digit to *value, as one of at most DIGITS.  False if it is none. */
static bool read_digit(struct relp_parser *parser, uint32_t *value, char c)
{
	if (c < '0' || c > '9' || parser->count == DIGITS)
		return false;
	*value = *value * 10 + (uint32_t)(c - '0');
	parser->count++;
	return true;
}

static enum relp_part begin_part(struct relp_parser *parser,
				 enum relp_part part)
{
	parser->count = 0;
	return part;
}

static enum relp_part read_frame_number(struct relp_parser *parser, char c)
{
	if (c == ' ' && parser->count)
		return begin_part(parser, RELP_PART_COMMAND);
	return read_digit(parser, &parser->frame.number, c) ? RELP_PART_NUMBER
							    : RELP_PART_INVALID;
}

static enum relp_part read_command(struct relp_parser *parser, char c)
{
	if (c == ' ' && parser->count)
		return begin_part(parser, RELP_PART_LENGTH);
	if (c < 'a' || c > 'z' || parser->count == RELP_COMMAND_MAX)
		return RELP_PART_INVALID;
	parser->frame.command[parser->count++] = c;
	return RELP_PART_COMMAND;
}

static enum relp_part read_length(struct relp_parser *parser, char c)
{
	uint32_t len = (uint32_t)parser->frame.len;

	if (c == '\n' && parser->count && len == 0)
		return RELP_PART_WHOLE;
	if (c == ' ' && len)
		return begin_part(parser, RELP_PART_DATA);
	if (!read_digit(parser, &len, c) || len > RELP_DATA_MAX)
		return RELP_PART_INVALID;
	parser->frame.len = len;
	return RELP_PART_LENGTH;
}

/* Takes as much data as there is.  Returns the number of bytes. */
static size_t read_data(struct relp_parser *parser, const char *text,
			size_t len)
{
	struct relp_frame *frame = &parser->frame;
	size_t n = frame->len - parser->count;
	size_t kept = RELP_DATA_KEPT - frame->kept;

	if (n > len)
		n = len;
	if (kept > n)
		kept = n;
	memcpy(frame->data + frame->kept, text, kept);
	frame->kept += kept;
	parser->count += n;
	if (parser->count == frame->len)
		parser->part = RELP_PART_END;
	return n;
}

static enum relp_part read_byte(struct relp_parser *parser, char c)
{
	switch (parser->part) {
	case RELP_PART_NUMBER: return read_frame_number(parser, c);
	case RELP_PART_COMMAND: return read_command(parser, c);
	case RELP_PART_LENGTH: return read_length(parser, c);
	default: return c == '\n' ? RELP_PART_WHOLE : RELP_PART_INVALID;
	}
}

int relp_parser_read(struct relp_parser *parser, const char *text, size_t len,
		     size_t *used)
{
	size_t i = 0;

	if (parser->part == RELP_PART_WHOLE)
		*parser = (struct relp_parser){.part = RELP_PART_NUMBER};
	while (i < len && parser->part < RELP_PART_WHOLE) {
		if (parser->part == RELP_PART_DATA)
			i += read_data(parser, text + i, len - i);
		else
			parser->part = read_byte(parser, text[i++]);
	}
	*used = i;
	return parser->part == RELP_PART_INVALID ? -1
	       : parser->part == RELP_PART_WHOLE ? 1
						 : 0;
}
