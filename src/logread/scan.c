/* What a line says about itself; see scan.h. */
#include "logread/scan.h"

#include <string.h>

enum { NANO = 1000000000, PID_DIGITS = 10, GOOD = 16 };

/* The values of hexadecimal digits, with GOOD; 0 for all other bytes. */
static const unsigned char values[256] = {
    ['0'] = GOOD,      ['1'] = GOOD | 1,  ['2'] = GOOD | 2,  ['3'] = GOOD | 3,
    ['4'] = GOOD | 4,  ['5'] = GOOD | 5,  ['6'] = GOOD | 6,  ['7'] = GOOD | 7,
    ['8'] = GOOD | 8,  ['9'] = GOOD | 9,  ['a'] = GOOD | 10, ['b'] = GOOD | 11,
    ['c'] = GOOD | 12, ['d'] = GOOD | 13, ['e'] = GOOD | 14, ['f'] = GOOD | 15,
    ['A'] = GOOD | 10, ['B'] = GOOD | 11, ['C'] = GOOD | 12, ['D'] = GOOD | 13,
    ['E'] = GOOD | 14, ['F'] = GOOD | 15,
};

static unsigned int digit(char c)
{
	return values[(unsigned char)c];
}

static bool digits(uint64_t *value, const char *text, int n)
{
	unsigned int good = GOOD, d;
	uint64_t v = 0;

	for (int i = 0; i < n; i++) {
		d = digit(text[i]);
		good &= d;
		v = v << 4 | (d & 15);
	}
	*value = v;
	return good != 0;
}

bool scan_label(struct tain_s *label, const char *text, size_t len)
{
	uint64_t sec, nano;

	if (len < LABEL_LEN || text[0] != '@' || !digits(&sec, text + 1, 16) ||
	    !digits(&nano, text + 17, 8))
		return false;
	if (len > LABEL_LEN && digit(text[LABEL_LEN]))
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
