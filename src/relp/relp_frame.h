/*
 * Frames of RELP, the reliable event logging protocol:
 *
 *   NUMBER SP COMMAND SP LENGTH [SP DATA] LF
 *
 * NUMBER is 1 to 999999999, or 0 in a hint of the server.  The number of an
 * answer, whose command is "rsp", is that of the frame that it answers.
 */
#ifndef RELP_FRAME_H
#define RELP_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RELP_NUMBER_MAX = 999999999,
	RELP_COMMAND_MAX = 32,
	RELP_HEADER_MAX = 9 + 1 + RELP_COMMAND_MAX + 1 + 9 + 1,
	RELP_DATA_MAX = 1 << 16, /* of a frame that is read */
	RELP_DATA_KEPT = 1024,   /* bytes of it that the parser keeps */
};

/*
 * Writes the bytes of a frame before its data, at most RELP_HEADER_MAX.  After
 * them follow len bytes of data and a newline.  Returns the number of bytes.
 */
size_t relp_frame_begin(char *out, uint32_t number, const char *command,
			size_t len);

/* A frame that was read. */
struct relp_frame {
	uint32_t number;
	char command[RELP_COMMAND_MAX + 1];
	size_t len;  /* of the data */
	size_t kept; /* bytes of the data that are in data, the first ones */
	char data[RELP_DATA_KEPT];
};

/* The part of a frame that the next byte belongs to. */
enum relp_part {
	RELP_PART_NUMBER,
	RELP_PART_COMMAND,
	RELP_PART_LENGTH,
	RELP_PART_DATA,
	RELP_PART_END,
	RELP_PART_WHOLE,
	RELP_PART_INVALID,
};

/* Reads frames of a hostile peer byte by byte.  Zero-initialised. */
struct relp_parser {
	struct relp_frame frame;
	enum relp_part part;
	size_t count; /* bytes of this part that were read */
};

/*
 * Reads up to the end of a frame from the len bytes at text; *used is the
 * number of bytes that were read.  Returns 1 if a frame is whole: it stays in
 * parser->frame until the next call, which begins another one.  Returns 0 if
 * all bytes were read and the frame is not whole.  Returns -1, then and for all
 * later calls, if the bytes are not a frame or its data is too long.
 */
int relp_parser_read(struct relp_parser *parser, const char *text, size_t len,
		     size_t *used);

#endif
