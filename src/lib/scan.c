/* What a line says about itself; see scan.h. */
#include "scan.h"

#include <string.h>

enum { NANO = 1000000000, PID_DIGITS = 10, BAD = 16 };

/* The value of a hexadecimal digit; BAD for all other bytes. */
static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 0x20;
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	return BAD;
}

static bool digits(uint64_t *value, const char *text, int n)
{
	unsigned int bad = 0, d;
	uint64_t v = 0;

	for (int i = 0; i < n; i++) {
		d = digit(text[i]);
		bad |= d;
		v = v << 4 | (d & 15);
	}
	*value = v;
	return !(bad & BAD);
}

bool scan_label(struct tain_s *label, const char *text, size_t len)
{
	uint64_t sec, nano;

	if (len < LABEL_LEN || text[0] != '@' || !digits(&sec, text + 1, 16) ||
	    !digits(&nano, text + 17, 8))
		return false;
	if (len > LABEL_LEN && digit(text[LABEL_LEN]) != BAD)
		return false;
	if (sec >> 63 || nano >= NANO)
		return false;
	label->sec.x = sec;
	label->nano = (uint32_t)nano;
	return true;
}

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
