/*
 * The word is "L" and eight numbers in hexadecimal, separated by commas: the
 * descriptor, 1 for a client, and device and inode of the channel, of the
 * program's input and of its output. Nothing else is accepted.
 * Tested by tests/unit/base/clear_channel.c.
 */
#include "base/clear_channel.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include <sys/stat.h>

enum { NUMBERS = 8 };

size_t clear_channel_write(char text[CLEAR_CHANNEL_TEXT],
			   const struct clear_channel *channel)
{
	const struct file_identity *in = &channel->session[0];
	const struct file_identity *out = &channel->session[1];

	return (size_t)sprintf(
	    text,
	    "L%x,%x,%" PRIx64 ",%" PRIx64 ",%" PRIx64 ",%" PRIx64 ",%" PRIx64
	    ",%" PRIx64,
	    (unsigned int)channel->fd, (unsigned int)channel->is_client,
	    (uint64_t)channel->channel.device, (uint64_t)channel->channel.inode,
	    (uint64_t)in->device, (uint64_t)in->inode, (uint64_t)out->device,
	    (uint64_t)out->inode);
}

static bool is_hex_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* Reads one number and the comma after it. Returns its end, NULL if invalid. */
static const char *read_hex_number(uint64_t *number, const char *text,
				   bool last)
{
	int digits = 0;

	for (*number = 0; is_hex_digit(*text); text++) {
		if (++digits > 16)
			return NULL;
		*number =
		    *number * 16 +
		    (uint64_t)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
	}
	if (!digits)
		return NULL;
	if (last)
		return text;
	return *text == ',' ? text + 1 : NULL;
}

const char *clear_channel_read(struct clear_channel *channel, const char *text)
{
	uint64_t n[NUMBERS];

	if (*text++ != 'L')
		return NULL;
	for (int i = 0; i < NUMBERS && text; i++)
		text = read_hex_number(&n[i], text, i == NUMBERS - 1);
	if (!text || n[0] > INT_MAX || n[1] > 1)
		return NULL;
	*channel = (struct clear_channel){
	    .fd = (int)n[0],
	    .is_client = n[1] == 1,
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
