/*
 * Filters.  An IPv4 address is compared as the IPv6 address that maps it; a
 * network of one family never holds an address of the other, whatever its
 * length.
 */
#include "rlogsess/filter.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include "rlogsess/slice.h"

enum { V4_IN_V6 = 96, ADDRESS_MAX = 512 /* bytes of a recipient */ };

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

void filter_set_stuck(struct filter *filter)
{
	filter->stuck = true;
}

static int refuse_criterion(int error)
{
	errno = error;
	return -1;
}

static bool parse_network(struct filter_network *network, const char *arg)
{
	char text[INET6_ADDRSTRLEN];
	const char *slash = strchr(arg, '/');
	size_t len = slash ? (size_t)(slash - arg) : strlen(arg);
	unsigned int first, bits;

	if (len >= sizeof text)
		return false;
	memcpy(text, arg, len);
	text[len] = 0;
	if (!parse_address(network->address, text, &first))
		return false;
	bits = 128 - first;
	if (slash && !parse_small_number(slash + 1, 128 - first, &bits))
		return false;
	network->prefix_len = first + bits;
	return true;
}

int filter_add_network(struct filter *filter, const char *arg)
{
	if (filter->networks == FILTER_MAX)
		return refuse_criterion(E2BIG);
	if (!parse_network(&filter->network[filter->networks], arg))
		return refuse_criterion(EINVAL);
	filter->networks++;
	return 0;
}

int filter_add_pid(struct filter *filter, const char *arg)
{
	unsigned int n;

	if (filter->pids == FILTER_MAX)
		return refuse_criterion(E2BIG);
	if (!parse_small_number(arg, INT32_MAX, &n) || n == 0)
		return refuse_criterion(EINVAL);
	filter->pid[filter->pids++] = n;
	return 0;
}

static bool is_reply_code(const char *arg)
{
	if (strlen(arg) != 3 || arg[0] < '1' || arg[0] > '5')
		return false;
	for (size_t i = 1; i < 3; i++)
		if ((arg[i] < '0' || arg[i] > '9') && arg[i] != 'x')
			return false;
	return true;
}

int filter_add_reply(struct filter *filter, const char *arg)
{
	if (filter->replies == FILTER_MAX)
		return refuse_criterion(E2BIG);
	if (!is_reply_code(arg))
		return refuse_criterion(EINVAL);
	memcpy(filter->reply[filter->replies++], arg, 3);
	return 0;
}

/* Adds a pattern to the *count ones of an array. */
static int add_pattern(struct regex *pattern, size_t *count, const char *arg,
		       char *why, size_t size)
{
	char error[REGEX_ERROR];

	if (*count == FILTER_MAX)
		return refuse_criterion(E2BIG);
	if (!regex_compile(&pattern[*count], arg, error)) {
		snprintf(why, size, "%s", error);
		return refuse_criterion(EINVAL);
	}
	++*count;
	return 0;
}

int filter_add_text(struct filter *filter, const char *arg, char *why,
		    size_t size)
{
	return add_pattern(filter->text, &filter->texts, arg, why, size);
}

int filter_add_sender(struct filter *filter, const char *arg, char *why,
		      size_t size)
{
	return add_pattern(filter->sender, &filter->senders, arg, why, size);
}

/* Appends an expression for a byte of an address. */
static size_t append_address_byte(char *text, char byte)
{
	if (byte == '*')
		return (size_t)sprintf(text, ".*");
	if (isalpha((unsigned char)byte))
		return (size_t)sprintf(text, "[%c%c]", tolower(byte),
				       toupper(byte));
	if (byte == '^' || byte == '\\')
		return (size_t)sprintf(text, "\\%c", byte);
	if (ispunct((unsigned char)byte))
		return (size_t)sprintf(text, "[%c]", byte);
	*text = byte;
	return 1;
}

int filter_add_recipient(struct filter *filter, const char *arg)
{
	char text[4 * ADDRESS_MAX + 8], why[REGEX_ERROR];
	size_t len = 0;

	if (strlen(arg) > ADDRESS_MAX)
		return refuse_criterion(EINVAL);
	if (*arg != '@')
		text[len++] = '^';
	for (; *arg; arg++)
		len += append_address_byte(text + len, *arg);
	memcpy(text + len, "$", 2);
	filter->recipients = true;
	return filter_add_text(filter, text, why, sizeof why);
}

int filter_add_message(struct filter *filter, const char *arg)
{
	struct slice rest = {arg, strlen(arg)};

	if (filter->messages == FILTER_MAX)
		return refuse_criterion(E2BIG);
	if (!slice_number(&rest, UINT64_MAX,
			  &filter->message[filter->messages]) ||
	    rest.len)
		return refuse_criterion(EINVAL);
	filter->messages++;
	return 0;
}

void filter_free(struct filter *filter)
{
	for (size_t i = 0; i < filter->texts; i++)
		regex_free(&filter->text[i]);
	for (size_t i = 0; i < filter->senders; i++)
		regex_free(&filter->sender[i]);
	*filter = (struct filter){0};
}

static bool match_any(const struct regex *pattern, size_t count,
		      const char *text, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (regex_match(&pattern[i], text, len))
			return true;
	return false;
}

bool filter_text(const struct filter *filter, const char *text, size_t len)
{
	return match_any(filter->text, filter->texts, text, len);
}

bool filter_sender(const struct filter *filter, const char *sender)
{
	return !filter->senders ||
	       (*sender && match_any(filter->sender, filter->senders, sender,
				     strlen(sender)));
}

bool filter_message(const struct filter *filter, uint64_t number)
{
	for (size_t i = 0; i < filter->messages; i++)
		if (filter->message[i] == number)
			return true;
	return !filter->messages;
}

bool filter_has_messages(const struct filter *filter)
{
	return filter->messages || filter->senders || filter->stuck;
}

static bool is_in_network(const struct filter_network *network,
			  const unsigned char address[16])
{
	unsigned int bytes = network->prefix_len / 8,
		     rest = network->prefix_len % 8;

	if (is_mapped_v4(address) != (network->prefix_len >= V4_IN_V6 &&
				      is_mapped_v4(network->address)) ||
	    memcmp(address, network->address, bytes) != 0)
		return false;
	return !rest ||
	       (address[bytes] ^ network->address[bytes]) >> (8 - rest) == 0;
}

bool filter_address(const struct filter *filter, const char *peer)
{
	unsigned char address[16];
	unsigned int first;

	if (!filter->networks)
		return true;
	if (!parse_address(address, peer, &first))
		return false;
	for (size_t i = 0; i < filter->networks; i++)
		if (is_in_network(&filter->network[i], address))
			return true;
	return false;
}

bool filter_pid(const struct filter *filter, uint64_t pid)
{
	for (size_t i = 0; i < filter->pids; i++)
		if (filter->pid[i] == pid)
			return true;
	return !filter->pids;
}

static bool is_reply(const char reply[3], const char code[3])
{
	for (size_t i = 0; i < 3; i++)
		if (reply[i] != 'x' && reply[i] != code[i])
			return false;
	return true;
}

bool filter_reply(const struct filter *filter, unsigned int code)
{
	const char text[3] = {(char)('0' + code / 100),
			      (char)('0' + code / 10 % 10),
			      (char)('0' + code % 10)};

	for (size_t i = 0; i < filter->replies; i++)
		if (is_reply(filter->reply[i], text))
			return true;
	return false;
}

bool filter_needs_end(const struct filter *filter)
{
	return filter->bad || filter->stuck;
}

bool filter_is_open(const struct filter *filter)
{
	return !filter->pids && !filter->networks && !filter->replies &&
	       !filter->texts && !filter->bad && !filter_has_messages(filter);
}
