/*
 * The word is "L" and eight numbers in hexadecimal, separated by commas: the
 * descriptor, flags, and device and inode of the channel, of the
 * program's input and of its output. Nothing else is accepted.
 * Tested by tests/unit/base/clear_channel.c.
 */
#include "base/clear_channel.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include <sys/stat.h>

#include "base/hex.h"

/* The numbers of the word, and the most digits of one. */
enum { NUMBERS = 8, HEX_NUMBER = 16 };

enum {
	FLAG_CLIENT = 1,
	FLAG_IN_UNNEEDED = 2,
	FLAG_OUT_UNNEEDED = 4,
	FLAGS_END = 8,
};

static uint64_t write_flags(const struct clear_channel *channel)
{
	return (channel->is_client ? FLAG_CLIENT : 0) |
	       (channel->unneeded[0] ? FLAG_IN_UNNEEDED : 0) |
	       (channel->unneeded[1] ? FLAG_OUT_UNNEEDED : 0);
}

size_t clear_channel_write(char text[CLEAR_CHANNEL_TEXT],
			   const struct clear_channel *channel)
{
	const uint64_t n[NUMBERS] = {
	    (uint64_t)channel->fd,      write_flags(channel),
	    channel->channel.device,    channel->channel.inode,
	    channel->session[0].device, channel->session[0].inode,
	    channel->session[1].device, channel->session[1].inode,
	};
	size_t len = 0;

	for (size_t i = 0; i < NUMBERS; i++)
		len += (size_t)sprintf(text + len, "%c%" PRIx64, i ? ',' : 'L',
				       n[i]);
	return len;
}

/* Reads one number and the comma after it. Returns its end, NULL if invalid. */
static const char *read_hex_number(uint64_t *number, const char *text,
				   bool last)
{
	size_t digits = 0;

	*number = 0;
	while (digits <= HEX_NUMBER && hex_value(text[digits]) >= 0)
		*number = *number << 4 | (uint64_t)hex_value(text[digits++]);
	if (digits == 0 || digits > HEX_NUMBER)
		return NULL;
	text += digits;
	if (last)
		return text;
	return *text == ',' ? text + 1 : NULL;
}

const char *clear_channel_read(struct clear_channel *channel, const char *text)
{
	uint64_t n[NUMBERS];

	if (*text++ != 'L')
		return NULL;
	for (size_t i = 0; i < NUMBERS && text; i++)
		text = read_hex_number(&n[i], text, i == NUMBERS - 1);
	if (!text || n[0] > INT_MAX || n[1] >= FLAGS_END)
		return NULL;
	*channel = (struct clear_channel){
	    .fd = (int)n[0],
	    .is_client = n[1] & FLAG_CLIENT,
	    .unneeded = {n[1] & FLAG_IN_UNNEEDED, n[1] & FLAG_OUT_UNNEEDED},
	    .channel = {(dev_t)n[2], (ino_t)n[3]},
	    .session = {{(dev_t)n[4], (ino_t)n[5]}, {(dev_t)n[6], (ino_t)n[7]}},
	};
	return text;
}

int file_identity_get(struct file_identity *identity, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	*identity = (struct file_identity){st.st_dev, st.st_ino};
	return 0;
}

bool file_identity_match(const struct file_identity *identity, int fd)
{
	struct file_identity own;
	int saved = errno;
	bool match = fd >= 0 && file_identity_get(&own, fd) == 0 &&
		     own.device == identity->device &&
		     own.inode == identity->inode;

	errno = saved;
	return match;
}
