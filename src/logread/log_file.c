/*
 * One file of a log.  buf[begin..end) is the text at `offset` that was read and
 * not given yet.  Before begin, buf keeps the last POSITION_TAIL bytes of the
 * text before `offset`, or all of it if it is shorter, since a position is
 * known by them.
 *
 * A plain file is read by offset with pread, so its descriptor's own offset
 * does not matter.  A compressed one is a stream: the pipe from its program.
 */
#include "logread/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/regular_file.h"
#include "logread/unpack.h"

void log_file_init(struct log_file *file)
{
	file->fd = file->input = -1;
	file->child = 0;
	file->program = NULL;
	file->unpacked = file->stream = file->interruptible = false;
	file->idle = NULL;
	file->limit = UINT64_MAX;
	file->offset = 0;
	file->begin = file->end = POSITION_TAIL;
	file->head_len = 0;
}

int log_file_descriptor(int directory, const char *name)
{
	return regular_file_open(directory, name, O_RDONLY, 0);
}

int log_file_open(struct log_file *file, int directory, const char *name)
{
	int fd = log_file_descriptor(directory, name);

	file->program = NULL;
	return fd < 0 ? -1 : log_file_adopt(file, fd);
}

void log_file_adopt_plain(struct log_file *file, int fd)
{
	log_file_init(file);
	file->fd = file->input = fd;
}

int log_file_adopt(struct log_file *file, int fd)
{
	char magic[UNPACK_MAGIC];
	ssize_t n = pread(fd, magic, sizeof magic, 0);

	log_file_adopt_plain(file, fd);
	if (n < 0)
		return 0;
	file->program = unpack_program(magic, (size_t)n);
	if (!file->program)
		return 0;
	lseek(fd, 0, SEEK_SET);
	file->stream = true;
	file->input = unpack_start(file->program, fd, &file->child);
	if (file->input >= 0)
		return 0;
	file->child = 0;
	log_file_close(file);
	return -1;
}

void log_file_stream(struct log_file *file, int fd, int (*idle)(void *ctx),
		     void *ctx)
{
	log_file_init(file);
	file->fd = file->input = fd;
	file->stream = file->interruptible = true;
	file->idle = idle;
	file->ctx = ctx;
}

void log_file_set_limit(struct log_file *file, uint64_t offset)
{
	if (file->limit > offset)
		file->limit = offset;
}

/* Makes room after end, and keeps the POSITION_TAIL bytes before begin. */
static void compact_buffer(struct log_file *file)
{
	size_t shift = file->begin - POSITION_TAIL;

	if (!shift)
		return;
	memmove(file->buf, file->buf + shift, file->end - shift);
	file->begin -= shift;
	file->end -= shift;
}

/* The bytes just read may begin before the end of the head that is known. */
static void keep_head(struct log_file *file, const char *bytes, size_t len)
{
	uint64_t at = file->offset + (file->end - file->begin);
	size_t known = at < file->head_len ? file->head_len - (size_t)at : 0;

	if (at > file->head_len || file->head_len == POSITION_HEAD ||
	    len <= known)
		return;
	len -= known;
	if (len > POSITION_HEAD - file->head_len)
		len = POSITION_HEAD - file->head_len;
	memcpy(file->head + file->head_len, bytes + known, len);
	file->head_len += len;
}

static ssize_t read_bytes(struct log_file *file, char *to, size_t room)
{
	uint64_t at = file->offset + (file->end - file->begin);
	ssize_t n;

	if (at >= file->limit)
		return 0;
	if (room > file->limit - at)
		room = (size_t)(file->limit - at);
	if (file->idle && file->idle(file->ctx) < 0) {
		errno = EINTR;
		return -1;
	}
	do {
		n = file->stream ? read(file->input, to, room)
				 : pread(file->input, to, room, (off_t)at);
	} while (n < 0 && errno == EINTR && !file->interruptible);
	return n;
}

/* Returns 1 if the buffer holds more than before, 0 at the end, or -1. */
static int fill_buffer(struct log_file *file)
{
	ssize_t n;

	if (file->unpacked)
		return 0;
	if (file->end == sizeof file->buf)
		compact_buffer(file);
	n = read_bytes(file, file->buf + file->end,
		       sizeof file->buf - file->end);
	if (n < 0)
		return -1;
	if (n) {
		keep_head(file, file->buf + file->end, (size_t)n);
		file->end += (size_t)n;
		return 1;
	}
	if (file->child) {
		pid_t child = file->child;

		file->unpacked = true;
		file->child = 0;
		return unpack_end(child);
	}
	return 0;
}

static void give_text(struct log_file *file, struct log_file_text *text,
		      size_t len, bool newline)
{
	text->at = file->buf + file->begin;
	text->len = len;
	text->offset = file->offset;
	text->begins = !log_file_is_mid_line(file);
	text->ends = newline;
	file->begin += len + newline;
	file->offset += len + newline;
}

int log_file_line(struct log_file *file, struct log_file_text *text, bool rest)
{
	size_t searched = 0, have;
	const char *newline;
	int r;

	for (;;) {
		have = file->end - file->begin;
		newline = memchr(file->buf + file->begin + searched, '\n',
				 have - searched);
		if (newline) {
			have = (size_t)(newline - file->buf) - file->begin;
			give_text(file, text, have, true);
			return 1;
		}
		searched = have;
		r = have == LOG_FILE_FRAGMENT ? 0 : fill_buffer(file);
		if (r < 0)
			return -1;
		if (r)
			continue;
		if (have == LOG_FILE_FRAGMENT || (rest && have)) {
			give_text(file, text, have, false);
			return 1;
		}
		return 0;
	}
}

int log_file_block(struct log_file *file, struct log_file_text *text,
		   size_t most, bool rest)
{
	const char *newline = NULL;
	size_t have;
	int r = 1;

	if (most > LOG_FILE_FRAGMENT)
		most = LOG_FILE_FRAGMENT;
	for (;;) {
		have = file->end - file->begin;
		if (have > most)
			have = most;
		newline = memrchr(file->buf + file->begin, '\n', have);
		if (newline || have == most || r == 0)
			break;
		r = fill_buffer(file);
		if (r < 0)
			return -1;
	}
	if (newline)
		have = (size_t)(newline + 1 - file->buf) - file->begin;
	else if (have < most && !(rest && have))
		return 0;
	give_text(file, text, have, false);
	text->ends = newline != NULL;
	return 1;
}

static void reread_head(struct log_file *file)
{
	ssize_t n = pread(file->fd, file->head, POSITION_HEAD, 0);

	file->head_len = n < 0 ? 0 : (size_t)n;
}

void log_file_seek(struct log_file *file, uint64_t offset)
{
	size_t tail = position_length(offset, POSITION_TAIL);

	file->begin = file->end = POSITION_TAIL;
	file->offset = offset;
	if (tail && pread(file->fd, file->buf + POSITION_TAIL - tail, tail,
			  (off_t)(offset - tail)) != (ssize_t)tail)
		memset(file->buf, 0, POSITION_TAIL);
	reread_head(file);
}

int log_file_rewind(struct log_file *file)
{
	return log_file_adopt(file, log_file_release(file));
}

void log_file_place(const struct log_file *file, const struct tain_s *last,
		    struct position *position)
{
	position_set(position, file->offset, file->head,
		     file->buf + file->begin, last);
}

void log_file_place_within(const struct log_file *file,
			   const struct log_file_text *text, size_t n,
			   const struct tain_s *last, struct position *position)
{
	const char *end = text->at + n;
	size_t after = (size_t)(file->buf + file->begin - end);

	position_set(position, file->offset - after, file->head, end, last);
}

bool log_file_is_mid_line(const struct log_file *file)
{
	return file->offset && file->buf[file->begin - 1] != '\n';
}

/* Skips text up to offset.  Returns 1, 0 if the file is shorter, or -1. */
static int skip_to(struct log_file *file, uint64_t offset)
{
	size_t n;
	int r;

	while (file->offset < offset) {
		r = file->begin < file->end ? 1 : fill_buffer(file);
		if (r <= 0)
			return r;
		n = file->end - file->begin;
		if (n > offset - file->offset)
			n = (size_t)(offset - file->offset);
		file->begin += n;
		file->offset += n;
		if (file->begin == file->end)
			compact_buffer(file);
	}
	return 1;
}

/* A compressed file is unpacked up to the position, if its head is right. */
static int resume_packed(struct log_file *file, const struct position *position)
{
	size_t head = position_length(position->offset, POSITION_HEAD);
	int r = skip_to(file, head);

	if (r > 0 && !position_has_head(position, file->head))
		return 0;
	return r > 0 ? skip_to(file, position->offset) : r;
}

static int resume_plain(struct log_file *file, const struct position *position)
{
	struct stat st;

	if (fstat(file->fd, &st) < 0)
		return -1;
	if ((uint64_t)st.st_size < position->offset)
		return 0;
	log_file_seek(file, position->offset);
	return 1;
}

int log_file_resume(struct log_file *file, const struct position *position)
{
	struct position here;
	int r = file->program ? resume_packed(file, position)
			      : resume_plain(file, position);

	if (r <= 0)
		return r;
	log_file_place(file, NULL, &here);
	return position_is_same(&here, position);
}

bool log_file_emptied(const struct log_file *file)
{
	char head[POSITION_HEAD];
	struct stat st;
	ssize_t n;

	if (fstat(file->fd, &st) < 0 || (uint64_t)st.st_size > file->offset)
		return false;
	n = pread(file->fd, head, file->head_len, 0);
	return n > 0 && memcmp(head, file->head, (size_t)n) != 0;
}

int log_file_release(struct log_file *file)
{
	int fd = file->fd;

	if (file->input >= 0 && file->input != fd)
		close(file->input);
	if (file->child)
		unpack_stop(file->child);
	file->fd = file->input = -1;
	file->child = 0;
	return fd;
}

void log_file_close(struct log_file *file)
{
	int fd = log_file_release(file);

	if (fd >= 0)
		close(fd);
}
