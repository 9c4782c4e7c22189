/* TAI64N labels; see label.h. */
#include "base/label.h"

#include <time.h>

enum { NANO = 1000000000 };

void label_now(struct tain_s *label)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	label->sec.x = TAI_MAGIC + 10 + (uint64_t)now.tv_sec;
	label->nano = (uint32_t)now.tv_nsec;
}

void label_advance(struct tain_s *last, const struct tain_s *now)
{
	if (tain_less(last, now)) {
		*last = *now;
	} else if (++last->nano >= NANO) {
		last->nano = 0;
		last->sec.x++;
	}
}

static void hex(char *text, uint64_t value, int digits)
{
	while (digits--) {
		text[digits] = "0123456789abcdef"[value & 15];
		value >>= 4;
	}
}

void label_format(char *text, const struct tain_s *label)
{
	text[0] = '@';
	hex(text + 1, label->sec.x, 16);
	hex(text + 17, label->nano, 8);
}

static bool unhex(uint64_t *value, const char *text, int digits)
{
	*value = 0;
	for (; digits--; text++) {
		if (*text >= '0' && *text <= '9')
			*value = *value << 4 | (uint64_t)(*text - '0');
		else if (*text >= 'a' && *text <= 'f')
			*value = *value << 4 | (uint64_t)(*text - 'a' + 10);
		else
			return false;
	}
	return true;
}

bool label_scan(struct tain_s *label, const char *text, size_t len)
{
	uint64_t sec, nano;

	if (len < LABEL_LEN || text[0] != '@' || !unhex(&sec, text + 1, 16) ||
	    !unhex(&nano, text + 17, 8))
		return false;
	if (sec >> 63 || nano >= NANO)
		return false;
	label->sec.x = sec;
	label->nano = (uint32_t)nano;
	return true;
}
