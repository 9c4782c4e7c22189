/*
 * Takes and compares fingerprints of files.  The birth of a file is its best
 * mark, but not every file system knows it.  So its bytes have to fit, too: the
 * last ones before the batch, and the first ones of the batch.
 *
 * Tested by tests/unit/logwrite/logdir.c and tests/sh/rlog-torn.t.
 */
#include "logwrite/fingerprint.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/hash.h"
#include "compat/system_facts.h"

enum { NANO = 1000000000 };

/* 0: the file system does not know. */
static uint64_t birth_of(int fd)
{
	struct timespec birth;

	if (!system_facts_birth(fd, &birth))
		return 0;
	return (uint64_t)birth.tv_sec * NANO + (uint64_t)birth.tv_nsec;
}

/* The last bytes before `size`: how many, or -1 and errno. */
static ssize_t read_last(int fd, uint64_t size, unsigned char *last)
{
	const uint64_t n = size < FINGERPRINT_LAST ? size : FINGERPRINT_LAST;

	return n ? pread(fd, last, n, (off_t)(size - n)) : 0;
}

static uint32_t hash_last(const unsigned char *last, size_t n)
{
	return (uint32_t)hash_bytes(FINGERPRINT_LAST, last, n);
}

int fingerprint_take(struct fingerprint *print, int fd, uint64_t size)
{
	ssize_t n = read_last(fd, size, print->last);

	print->birth = birth_of(fd);
	print->last_n = n < 0 ? 0 : (size_t)n;
	return n < 0 ? -1 : 0;
}

void fingerprint_append(struct fingerprint *print,
			const struct batch_part *part)
{
	unsigned char fresh[FINGERPRINT_LAST];
	size_t n = 0, keep = print->last_n, len;
	unsigned int i = part->n;

	for (; i-- && n < sizeof fresh; n += len) {
		len = part->vector[i].iov_len;
		if (len > sizeof fresh - n)
			len = sizeof fresh - n;
		memcpy(fresh + sizeof fresh - n - len,
		       (const char *)part->vector[i].iov_base +
			   part->vector[i].iov_len - len,
		       len);
	}
	if (keep > sizeof fresh - n)
		keep = sizeof fresh - n;
	memmove(print->last, print->last + print->last_n - keep, keep);
	memcpy(print->last + keep, fresh + sizeof fresh - n, n);
	print->last_n = keep + n;
}

void fingerprint_store(const struct fingerprint *print,
		       const struct batch_part *part, struct ring_file *file)
{
	size_t n = 0, len;
	uint32_t adds = 0;

	file->birth = print->birth;
	file->last = hash_last(print->last, print->last_n);
	for (unsigned int i = 0; i < part->n; i++)
		adds += (uint32_t)part->vector[i].iov_len;
	file->adds = adds;
	file->left = 0;
	memset(file->next, 0, sizeof file->next);
	for (unsigned int i = 0; i < part->n && n < sizeof file->next;
	     i++, n += len) {
		len = part->vector[i].iov_len;
		if (len > sizeof file->next - n)
			len = sizeof file->next - n;
		memcpy(file->next + n, part->vector[i].iov_base, len);
	}
}

/* Do the bytes before the batch and the first ones of it fit? */
static bool bytes_fit(int fd, uint64_t size, const struct ring_file *file)
{
	unsigned char bytes[FINGERPRINT_LAST];
	ssize_t n = read_last(fd, file->size, bytes);
	uint64_t next = size - file->size;

	if (n < 0 || hash_last(bytes, (size_t)n) != file->last)
		return false;
	if (next > sizeof file->next)
		next = sizeof file->next;
	n = pread(fd, bytes, next, (off_t)file->size);
	return n == (ssize_t)next && memcmp(bytes, file->next, next) == 0;
}

bool fingerprint_fits(int fd, uint64_t size, const struct ring_file *file,
		      bool partly)
{
	if (size < file->size || size - file->size > file->adds ||
	    (!partly && size - file->size < file->adds))
		return false;
	return birth_of(fd) == file->birth && bytes_fit(fd, size, file);
}
