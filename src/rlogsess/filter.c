/* Filters; see filter.h.  All addresses are looked at as IPv6 ones. */
#include "rlogsess/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

enum { V4_IN_V6 = 96 };

/* IPv4 addresses become ::ffff:A.B.C.D (RFC 4291, 2.5.5.2). */
static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool is_v4(const unsigned char address[16])
{
	return memcmp(address, mapped, sizeof mapped) == 0;
}

static bool scan_address(unsigned char address[16], const char *text,
			 unsigned int *first_bit)
{
	*first_bit = 0;
	if (inet_pton(AF_INET6, text, address) == 1)
		return true;
	if (inet_pton(AF_INET, text, address + 12) != 1)
		return false;
	memcpy(address, mapped, sizeof mapped);
	*first_bit = V4_IN_V6;
	return true;
}

static bool small_number(const char *text, unsigned int max, unsigned int *n)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return false;
	value = strtoul(text, &end, 10);
	*n = (unsigned int)value;
	return !*end && value <= max;
}

int filter_set_address(struct filter *f, const char *arg)
{
	char text[INET6_ADDRSTRLEN];
	const char *slash = strchr(arg, '/');
	size_t len = slash ? (size_t)(slash - arg) : strlen(arg);
	unsigned int first, bits;

	if (len >= sizeof text)
		return -1;
	memcpy(text, arg, len);
	text[len] = 0;
	if (!scan_address(f->address, text, &first))
		return -1;
	bits = 128 - first;
	if (slash && !small_number(slash + 1, 128 - first, &bits))
		return -1;
	f->prefix_len = first + bits;
	f->by_address = true;
	return 0;
}

int filter_set_pid(struct filter *f, const char *arg)
{
	unsigned int n;

	if (!small_number(arg, INT32_MAX, &n) || n == 0)
		return -1;
	f->pid = n;
	return 0;
}

int filter_set_reply(struct filter *f, const char *arg)
{
	if (strlen(arg) != 3 || arg[0] < '1' || arg[0] > '5')
		return -1;
	for (int i = 1; i < 3; i++)
		if ((arg[i] < '0' || arg[i] > '9') && arg[i] != 'x')
			return -1;
	memcpy(f->reply, arg, 3);
	f->by_reply = true;
	return 0;
}

int filter_set_text(struct filter *f, const char *arg, char *why, size_t size)
{
	static const char what[] = "no regular expression: ";
	const size_t len = sizeof what - 1;
	int r;

	if (f->by_text)
		regfree(&f->text);
	r = regcomp(&f->text, arg, REG_EXTENDED | REG_NOSUB);
	f->by_text = r == 0;
	if (r == 0)
		return 0;
	snprintf(why, size, "%s", what);
	if (size > len)
		regerror(r, &f->text, why + len, size - len);
	return -1;
}

void filter_free(struct filter *f)
{
	if (f->by_text)
		regfree(&f->text);
	*f = (struct filter){0};
}

bool filter_text(const struct filter *f, const char *text, size_t len)
{
	regmatch_t where = {0, (regoff_t)len};

	return f->by_text &&
	       regexec(&f->text, text, 1, &where, REG_STARTEND) == 0;
}

static bool has_prefix(const struct filter *f, const char *peer)
{
	unsigned char address[16];
	unsigned int first, bytes = f->prefix_len / 8, rest = f->prefix_len % 8;

	if (!scan_address(address, peer, &first) ||
	    is_v4(address) !=
		(f->prefix_len >= V4_IN_V6 && is_v4(f->address)) ||
	    memcmp(address, f->address, bytes) != 0)
		return false;
	return !rest || (address[bytes] ^ f->address[bytes]) >> (8 - rest) == 0;
}

static bool fits(const char reply[3], unsigned int code)
{
	const char text[3] = {(char)('0' + code / 100),
			      (char)('0' + code / 10 % 10),
			      (char)('0' + code % 10)};

	for (int i = 0; i < 3; i++)
		if (reply[i] != 'x' && reply[i] != text[i])
			return false;
	return true;
}

static bool replied(const struct filter *f, const struct smtp_summary *t)
{
	for (unsigned int code = 0; code < SMTP_SUMMARY_CODES; code++)
		if (smtp_summary_replied(t, code) && fits(f->reply, code))
			return true;
	return false;
}

bool filter_is_bad(const struct session *s)
{
	const struct dialogue *d = &s->said;

	if (s->ended && (s->status || s->signal))
		return true;
	if (d->reset)
		return true;
	/* One that goes on may still say it. */
	return d->talk.expects_quit && !d->talk.polite &&
	       (d->eof[DIALOGUE_OUT] || !(s->group.marks & GROUP_OPEN));
}

bool filter_takes(const struct filter *f, const struct session *s)
{
	if (f->pid && s->group.key != f->pid)
		return false;
	if (f->by_address && !has_prefix(f, s->peer))
		return false;
	if (f->by_reply && !replied(f, &s->said.talk))
		return false;
	if (f->by_text && !s->matches)
		return false;
	return !f->bad || filter_is_bad(s);
}

bool filter_is_open(const struct filter *f)
{
	return !f->pid && !f->by_address && !f->by_reply && !f->by_text &&
	       !f->bad;
}
