/*
 * Records and notes in the lines of a log.  A record ends with a mark, which is
 * a space or a plus, so that spaces at the end of its payload are seen; a note,
 * [EOF] and a line of a hex dump have no mark.
 */
#include "logread/record_line.h"

#include <string.h>

#include "logread/dump_line.h"

enum { PID_DIGITS = 10 };

/* Returns how many digits there are. */
static size_t parse_pid(uint64_t *pid, const char *text, size_t len)
{
	size_t i = 0;

	*pid = 0;
	while (i < len && i < PID_DIGITS && text[i] >= '0' && text[i] <= '9')
		*pid = *pid * 10 + (uint64_t)(text[i++] - '0');
	return i;
}

static void parse_payload(struct record_line *record)
{
	static const char eof[] = "[EOF]";
	char last = record->len ? record->payload[record->len - 1] : 0;
	struct dump_line dump;

	if (record->len == sizeof eof - 1 &&
	    memcmp(record->payload, eof, sizeof eof - 1) == 0) {
		record->eof = true;
		record->len = 0;
		return;
	}
	if (dump_line_parse(&dump, record->payload, record->len)) {
		record->dump = true;
		record->more = dump.bytes[dump.count - 1] != '\n';
		return;
	}
	record->more = last == '+';
	record->unmarked = last != '+' && last != ' ';
	record->len -= !record->unmarked;
}

bool record_line_parse(struct record_line *record, const char *text, size_t len)
{
	size_t n = parse_pid(&record->pid, text, len);

	if (!n || len - n < 3 || text[n] != ' ' || text[n + 2] != ' ' ||
	    !text[n + 1] || !strchr("<>:", text[n + 1]))
		return false;
	record->direction = text[n + 1];
	record->payload = text + n + 3;
	record->len = len - n - 3;
	record->more = record->unmarked = false;
	record->dump = record->eof = false;
	if (record->direction != ':')
		parse_payload(record);
	return true;
}
