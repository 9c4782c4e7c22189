/*
 * One file of a log; see log_file.h.  Invariants: buf[begin..end) is what lies
 * at offset in the file; in front of begin there are as many of the bytes
 * before offset as POSITION_TAIL, or all.
 */
#include "logread/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/regular_file.h"
#include "logread/unpack.h"

void log_file_init(struct log_file *f)
{
	f->file = f->in = -1;
	f->child = 0;
	f->program = NULL;
	f->ended = f->stream = f->interruptible = false;
	f->idle = NULL;
	f->limit = UINT64_MAX;
	f->offset = 0;
	f->begin = f->end = POSITION_TAIL;
	f->head_len = 0;
}

int log_file_descriptor(int directory, const char *name)
{
	return regular_file_open(directory, name, O_RDONLY, 0);
}

int log_file_open(struct log_file *f, int directory, const char *name)
{
	int fd = log_file_descriptor(directory, name);

	f->program = NULL;
	return fd < 0 ? -1 : log_file_adopt(f, fd);
}

int log_file_adopt(struct log_file *f, int fd)
{
	char magic[UNPACK_MAGIC];
	ssize_t n = pread(fd, magic, sizeof magic, 0);

	log_file_init(f);
	f->file = f->in = fd;
	if (n < 0)
		return 0;
	f->program = unpack_program(magic, (size_t)n);
	if (!f->program)
		return 0;
	lseek(fd, 0, SEEK_SET);
	f->stream = true;
	f->in = unpack_start(f->program, fd, &f->child);
	if (f->in >= 0)
		return 0;
	f->child = 0;
	log_file_close(f, false);
	return -1;
}

void log_file_stream(struct log_file *f, int fd)
{
	log_file_init(f);
	f->file = f->in = fd;
	f->stream = f->interruptible = true;
}

/* Makes room behind end, and keeps what must stay in front of begin. */
static void compact(struct log_file *f)
{
	size_t shift = f->begin - POSITION_TAIL;

	if (!shift)
		return;
	memmove(f->buf, f->buf + shift, f->end - shift);
	f->begin -= shift;
	f->end -= shift;
}

/* What is read may begin before the end of the head that is known. */
static void keep_head(struct log_file *f, const char *bytes, size_t len)
{
	uint64_t at = f->offset + (f->end - f->begin);
	size_t known = at < f->head_len ? f->head_len - (size_t)at : 0;

	if (at > f->head_len || f->head_len == POSITION_HEAD || len <= known)
		return;
	len -= known;
	if (len > POSITION_HEAD - f->head_len)
		len = POSITION_HEAD - f->head_len;
	memcpy(f->head + f->head_len, bytes + known, len);
	f->head_len += len;
}

/* A file is read by offset; a stream, or what is unpacked, as it comes. */
static ssize_t take(struct log_file *f, char *to, size_t room)
{
	uint64_t at = f->offset + (f->end - f->begin);
	ssize_t n;

	if (at >= f->limit)
		return 0;
	if (room > f->limit - at)
		room = (size_t)(f->limit - at);
	if (f->idle && f->idle(f->ctx) < 0) {
		errno = EINTR;
		return -1;
	}
	do {
		n = f->stream ? read(f->in, to, room)
			      : pread(f->in, to, room, (off_t)at);
	} while (n < 0 && errno == EINTR && !f->interruptible);
	return n;
}

/* 1 if there is more in the buffer than before, 0 at the end, -1. */
static int fill(struct log_file *f)
{
	ssize_t n;

	if (f->ended)
		return 0;
	if (f->end == sizeof f->buf)
		compact(f);
	n = take(f, f->buf + f->end, sizeof f->buf - f->end);
	if (n < 0)
		return -1;
	if (n) {
		keep_head(f, f->buf + f->end, (size_t)n);
		f->end += (size_t)n;
		return 1;
	}
	if (f->child) {
		pid_t child = f->child;

		f->ended = true;
		f->child = 0;
		return unpack_end(child);
	}
	return 0;
}

static void give(struct log_file *f, struct log_file_text *t, size_t len,
		 bool newline)
{
	t->at = f->buf + f->begin;
	t->len = len;
	t->begins = !f->offset || f->buf[f->begin - 1] == '\n';
	t->ends = newline;
	f->begin += len + newline;
	f->offset += len + newline;
}

int log_file_line(struct log_file *f, struct log_file_text *t, bool rest)
{
	size_t looked = 0, have;
	const char *newline;
	int r;

	for (;;) {
		have = f->end - f->begin;
		newline =
		    memchr(f->buf + f->begin + looked, '\n', have - looked);
		if (newline) {
			give(f, t, (size_t)(newline - f->buf) - f->begin, true);
			return 1;
		}
		looked = have;
		r = have == LOG_FILE_PIECE ? 0 : fill(f);
		if (r < 0)
			return -1;
		if (r)
			continue;
		if (have == LOG_FILE_PIECE || (rest && have)) {
			give(f, t, have, false);
			return 1;
		}
		return 0;
	}
}

int log_file_block(struct log_file *f, struct log_file_text *t, size_t most,
		   bool rest)
{
	const char *newline = NULL;
	size_t have;
	int r = 1;

	if (most > LOG_FILE_PIECE)
		most = LOG_FILE_PIECE;
	for (;;) {
		have = f->end - f->begin < most ? f->end - f->begin : most;
		newline = memrchr(f->buf + f->begin, '\n', have);
		if (newline || have == most || r == 0)
			break;
		r = fill(f);
		if (r < 0)
			return -1;
	}
	if (newline)
		have = (size_t)(newline + 1 - f->buf) - f->begin;
	else if (have < most && !(rest && have))
		return 0;
	give(f, t, have, false);
	t->ends = newline != NULL;
	return 1;
}

static void read_head(struct log_file *f)
{
	ssize_t n = pread(f->file, f->head, POSITION_HEAD, 0);

	f->head_len = n < 0 ? 0 : (size_t)n;
}

void log_file_seek(struct log_file *f, uint64_t offset)
{
	size_t tail = position_length(offset, POSITION_TAIL);

	f->begin = f->end = POSITION_TAIL;
	f->offset = offset;
	if (tail && pread(f->file, f->buf + POSITION_TAIL - tail, tail,
			  (off_t)(offset - tail)) != (ssize_t)tail)
		memset(f->buf, 0, POSITION_TAIL);
	read_head(f);
}

void log_file_place(struct log_file *f, struct position *place)
{
	size_t head = position_length(f->offset, POSITION_HEAD);
	size_t tail = position_length(f->offset, POSITION_TAIL);

	place->offset = f->offset;
	place->head = position_hash(f->head, head);
	place->tail = position_hash(f->buf + f->begin - tail, tail);
}

/* What is compressed can only be read up to the place. */
static int skip(struct log_file *f, uint64_t offset)
{
	size_t n;
	int r;

	while (f->offset < offset) {
		r = f->begin < f->end ? 1 : fill(f);
		if (r <= 0)
			return r;
		n = f->end - f->begin;
		if (n > offset - f->offset)
			n = (size_t)(offset - f->offset);
		f->begin += n;
		f->offset += n;
		if (f->begin == f->end)
			compact(f);
	}
	return 1;
}

int log_file_resume(struct log_file *f, const struct position *place)
{
	struct stat st;
	struct position here;
	int r;

	if (f->program) {
		r = skip(f, position_length(place->offset, POSITION_HEAD));
		if (r > 0 &&
		    position_hash(f->head, (size_t)f->offset) != place->head)
			return 0;
		if (r > 0)
			r = skip(f, place->offset);
		if (r <= 0)
			return r;
	} else {
		if (fstat(f->file, &st) < 0)
			return -1;
		if ((uint64_t)st.st_size < place->offset)
			return 0;
		log_file_seek(f, place->offset);
	}
	log_file_place(f, &here);
	return here.head == place->head && here.tail == place->tail;
}

bool log_file_emptied(const struct log_file *f)
{
	char head[POSITION_HEAD];
	struct stat st;
	ssize_t n;

	if (fstat(f->file, &st) < 0 || (uint64_t)st.st_size > f->offset)
		return false;
	n = pread(f->file, head, f->head_len, 0);
	return n > 0 && memcmp(head, f->head, (size_t)n) != 0;
}

int log_file_close(struct log_file *f, bool keep)
{
	int file = f->file;

	if (f->in >= 0 && f->in != file)
		close(f->in);
	if (f->child)
		unpack_stop(f->child);
	if (file >= 0 && !keep)
		close(file);
	f->file = f->in = -1;
	f->child = 0;
	return keep ? file : -1;
}
