/* What a line says about itself; see scan.h. */
#include "logread/scan.h"

#include <string.h>

enum { PID_DIGITS = 10 };

static size_t scan_pid(uint64_t *pid, const char *text, size_t len)
{
	size_t i = 0;

	*pid = 0;
	while (i < len && i < PID_DIGITS && text[i] >= '0' && text[i] <= '9')
		*pid = *pid * 10 + (uint64_t)(text[i++] - '0');
	return i;
}

bool scan_record(struct scan_record *record, const char *text, size_t len)
{
	static const char eof[] = "[EOF]";
	size_t n = scan_pid(&record->pid, text, len);

	if (!n || len - n < 3 || text[n] != ' ' || text[n + 2] != ' ' ||
	    !text[n + 1] || !strchr("<>:", text[n + 1]))
		return false;
	record->dir = text[n + 1];
	record->payload = text + n + 3;
	record->len = len - n - 3;
	record->more = record->eof = false;
	if (record->dir == ':')
		return true;
	if (record->len == sizeof eof - 1 &&
	    memcmp(record->payload, eof, sizeof eof - 1) == 0) {
		record->eof = true;
		record->len = 0;
		return true;
	}
	if (!record->len)
		return false;
	record->len--;
	record->more = record->payload[record->len] == '+';
	return record->more || record->payload[record->len] == ' ';
}
