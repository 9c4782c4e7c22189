/*
 * Filters.  An IPv4 address is compared as the IPv6 address that maps it; a
 * network of one family never holds an address of the other, whatever its
 * length.
 */
#include "rlogsess/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

enum { V4_IN_V6 = 96 };

/* IPv4 addresses become ::ffff:A.B.C.D (RFC 4291, 2.5.5.2). */
static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool is_mapped_v4(const unsigned char address[16])
{
	return memcmp(address, mapped, sizeof mapped) == 0;
}

static bool parse_address(unsigned char address[16], const char *text,
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

static bool parse_small_number(const char *text, unsigned int max,
			       unsigned int *n)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return false;
	value = strtoul(text, &end, 10);
	*n = (unsigned int)value;
	return !*end && value <= max;
}

void filter_set_bad(struct filter *filter)
{
	filter->bad = true;
}

int filter_set_address(struct filter *filter, const char *arg)
{
	char text[INET6_ADDRSTRLEN];
	const char *slash = strchr(arg, '/');
	size_t len = slash ? (size_t)(slash - arg) : strlen(arg);
	unsigned int first, bits;

	if (len >= sizeof text)
		return -1;
	memcpy(text, arg, len);
	text[len] = 0;
	if (!parse_address(filter->address, text, &first))
		return -1;
	bits = 128 - first;
	if (slash && !parse_small_number(slash + 1, 128 - first, &bits))
		return -1;
	filter->prefix_len = first + bits;
	filter->by_address = true;
	return 0;
}

int filter_set_pid(struct filter *filter, const char *arg)
{
	unsigned int n;

	if (!parse_small_number(arg, INT32_MAX, &n) || n == 0)
		return -1;
	filter->pid = n;
	return 0;
}

int filter_set_reply(struct filter *filter, const char *arg)
{
	if (strlen(arg) != 3 || arg[0] < '1' || arg[0] > '5')
		return -1;
	for (size_t i = 1; i < 3; i++)
		if ((arg[i] < '0' || arg[i] > '9') && arg[i] != 'x')
			return -1;
	memcpy(filter->reply, arg, 3);
	filter->by_reply = true;
	return 0;
}

int filter_set_text(struct filter *filter, const char *arg, char *why,
		    size_t size)
{
	char error[REGEX_ERROR];

	if (filter->by_text)
		regex_free(&filter->text);
	filter->by_text = regex_compile(&filter->text, arg, error);
	if (filter->by_text)
		return 0;
	snprintf(why, size, "%s", error);
	return -1;
}

void filter_free(struct filter *filter)
{
	if (filter->by_text)
		regex_free(&filter->text);
	*filter = (struct filter){0};
}

bool filter_text(const struct filter *filter, const char *text, size_t len)
{
	return filter->by_text && regex_match(&filter->text, text, len);
}

bool filter_address(const struct filter *filter, const char *peer)
{
	unsigned char address[16];
	unsigned int first, bytes = filter->prefix_len / 8,
			    rest = filter->prefix_len % 8;

	if (!parse_address(address, peer, &first) ||
	    is_mapped_v4(address) != (filter->prefix_len >= V4_IN_V6 &&
				      is_mapped_v4(filter->address)) ||
	    memcmp(address, filter->address, bytes) != 0)
		return false;
	return !rest ||
	       (address[bytes] ^ filter->address[bytes]) >> (8 - rest) == 0;
}

bool filter_reply(const struct filter *filter, unsigned int code)
{
	const char text[3] = {(char)('0' + code / 100),
			      (char)('0' + code / 10 % 10),
			      (char)('0' + code % 10)};

	for (size_t i = 0; i < sizeof text; i++)
		if (filter->reply[i] != 'x' && filter->reply[i] != text[i])
			return false;
	return true;
}

bool filter_is_open(const struct filter *filter)
{
	return !filter->pid && !filter->by_address && !filter->by_reply &&
	       !filter->by_text && !filter->bad;
}
