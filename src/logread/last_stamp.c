/*
 * The last stamp of a block is sought from its end back, since most lines have
 * one.  Only in an hour that the end of daylight saving repeats the stamps
 * before it tell which hour it is: then all are parsed.
 *
 * A block can begin within a line, which has no stamp then.
 */
#include "logread/last_stamp.h"

#include <string.h>

/* The end of the text of a block, without the newline of its last line. */
static const char *find_text_end(const struct log_file_text *block)
{
	return block->at + block->len - (block->len && block->ends);
}

/* Parses the stamp of the line at this place. */
static bool parse_line_at(struct stamp_reader *stamps,
			  const struct log_file_text *block, const char *line,
			  struct tain_s *label)
{
	return (line > block->at || block->begins) &&
	       stamp_parse_part(stamps, label, line,
				(size_t)(find_text_end(block) - line),
				block->ends);
}

static bool parse_back(struct stamp_reader *stamps,
		       const struct log_file_text *block, struct tain_s *label)
{
	const char *newline = find_text_end(block);

	do {
		newline =
		    memrchr(block->at, '\n', (size_t)(newline - block->at));
		if (parse_line_at(stamps, block,
				  newline ? newline + 1 : block->at, label))
			return true;
	} while (newline);
	return false;
}

static void parse_in_order(struct stamp_reader *stamps,
			   const struct log_file_text *block,
			   struct tain_s *last)
{
	const char *line = block->at, *newline;
	struct tain_s label;

	do {
		if (parse_line_at(stamps, block, line, &label))
			*last = label;
		newline =
		    memchr(line, '\n', (size_t)(find_text_end(block) - line));
		line = newline ? newline + 1 : NULL;
	} while (line);
}

bool last_stamp_find(struct stamp_reader *stamps,
		     const struct log_file_text *block, struct tain_s *label)
{
	const struct stamp_reader before = *stamps;

	if (!parse_back(stamps, block, label))
		return false;
	if (stamp_is_repeated(stamps)) {
		*stamps = before;
		parse_in_order(stamps, block, label);
	}
	return true;
}
