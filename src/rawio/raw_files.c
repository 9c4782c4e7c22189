/*
 * A name that is taken is never opened: both files of a session get the same
 * stem, with the first number for which neither file exists.  The address of
 * the client is part of a name, so a hostile one must not be able to name
 * another directory: all bytes but those of addresses become '_'.
 *
 * The formats are those of Dovecot's rawlog.  A packet is one write to its
 * file, unless it is larger than the buffer.  After the first failure no file
 * is written any more, so that both end at about the same place.
 *
 * In this order: names, creating the files, writing them.
 */
#include "rawio/raw_files.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/socket.h>

#include <skalibs/allreadwrite.h>

#include "compat/files.h"

enum { NUMBERS = 999 };

static const char *const ending[2] = {"in", "out"};

static const char *address_of_environment(void)
{
	const char *proto = getenv("PROTO"), *ip = NULL;
	char name[64];

	if (proto &&
	    snprintf(name, sizeof name, "%sREMOTEIP", proto) < (int)sizeof name)
		ip = getenv(name);
	return ip && *ip ? ip : getenv("IP");
}

static bool address_of_socket(char text[RAW_FILES_PEER_MAX], int fd)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;

	if (getpeername(fd, (struct sockaddr *)&sa, &len) < 0 ||
	    (sa.ss_family != AF_INET && sa.ss_family != AF_INET6))
		return false;
	return getnameinfo((struct sockaddr *)&sa, len, text,
			   RAW_FILES_PEER_MAX, NULL, 0, NI_NUMERICHOST) == 0;
}

static void replace_unsafe_bytes(char *text)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz"
				   "0123456789-:._";

	if (*text == '.')
		*text = '_';
	while (*(text += strspn(text, safe)))
		*text = '_';
}

bool raw_files_peer(char text[RAW_FILES_PEER_MAX], int fd)
{
	const char *ip = address_of_environment();

	if (ip && *ip)
		snprintf(text, RAW_FILES_PEER_MAX, "%s", ip);
	else if (!address_of_socket(text, fd))
		return false;
	replace_unsafe_bytes(text);
	return true;
}

void raw_files_stem(char stem[RAW_FILES_STEM_MAX], const char *address,
		    time_t now, pid_t pid)
{
	char stamp[32] = "";
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &tm);
	snprintf(stem, RAW_FILES_STEM_MAX, "%.64s%s%s-%ld",
		 address ? address : "", address ? "-" : "", stamp, (long)pid);
}

/* Descriptors 0, 1 and 2 are the program's, even if they are closed. */
static int move_above_2(int fd)
{
	int moved;

	if (fd < 0 || fd > 2)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	close(fd);
	return moved;
}

int raw_files_directory(const char *path)
{
	char bare[4096];
	size_t len = strlen(path);

	/* open(2) follows a link if a slash is at the end. */
	while (len > 1 && path[len - 1] == '/')
		len--;
	if (len >= sizeof bare) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(bare, path, len);
	bare[len] = 0;
	return move_above_2(files_open_search(bare));
}

static void remove_files(struct raw_files *files, int directory)
{
	int reason = errno;

	for (int dir = 0; dir < 2; dir++) {
		if (files->fd[dir] < 0)
			continue;
		unlinkat(directory, files->name[dir], 0);
		close(files->fd[dir]);
		files->fd[dir] = -1;
	}
	errno = reason;
}

static int create_files(struct raw_files *files, int directory,
			const bool want[2])
{
	static const int flags =
	    O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC;

	files->fd[0] = files->fd[1] = -1;
	for (int dir = 0; dir < 2; dir++) {
		if (!want[dir])
			continue;
		files->fd[dir] = move_above_2(
		    openat(directory, files->name[dir], flags, 0600));
		if (files->fd[dir] < 0) {
			remove_files(files, directory);
			return -1;
		}
	}
	return 0;
}

int raw_files_open(struct raw_files *files, int directory, const char *stem,
		   const bool want[2])
{
	char number[16] = "";
	int rc = -1;

	errno = EEXIST;
	for (int n = 1; rc < 0 && errno == EEXIST && n <= NUMBERS + 1; n++) {
		for (int dir = 0; dir < 2; dir++)
			snprintf(files->name[dir], RAW_FILES_NAME_MAX,
				 "%s%s.%s", stem, number, ending[dir]);
		rc = create_files(files, directory, want);
		snprintf(number, sizeof number, ".%d", n);
	}
	return rc;
}

static void close_files(struct raw_files *files)
{
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		if (files->fd[dir] >= 0)
			close(files->fd[dir]);
		files->fd[dir] = -1;
	}
}

static void write_file(struct raw_files *files, enum relay_dir dir,
		       const char *buf, size_t len)
{
	if (files->fd[dir] < 0 || allwrite(files->fd[dir], buf, len) == len)
		return;
	files->failed(files->ctx, dir, errno);
	close_files(files);
}

static void flush_buffer(struct raw_files *files, enum relay_dir dir)
{
	write_file(files, dir, files->buf, files->len);
	files->len = 0;
}

/* Text of more than half of the buffer is written without being copied. */
static void add_text(struct raw_files *files, enum relay_dir dir,
		     const char *text, size_t len)
{
	if (len > RAW_FILES_BUFFER - files->len)
		flush_buffer(files, dir);
	if (len > RAW_FILES_BUFFER / 2) {
		flush_buffer(files, dir);
		write_file(files, dir, text, len);
		return;
	}
	memcpy(files->buf + files->len, text, len);
	files->len += len;
}

static int format_raw_stamp(char *stamp, size_t size)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return snprintf(stamp, size, "%lld.%06ld ", (long long)now.tv_sec,
			now.tv_nsec / 1000);
}

/* All lines of a packet have one stamp; the rest of an earlier line has none.
 */
static void add_stamped_text(struct raw_files *files, enum relay_dir dir,
			     const char *buf, size_t len)
{
	char stamp[48];
	size_t stamp_len = (size_t)format_raw_stamp(stamp, sizeof stamp), n;
	const char *newline;

	for (; len; buf += n, len -= n) {
		newline = memchr(buf, '\n', len);
		n = newline ? (size_t)(newline - buf) + 1 : len;
		if (!files->in_line[dir])
			add_text(files, dir, stamp, stamp_len);
		add_text(files, dir, buf, n);
		files->in_line[dir] = !newline;
	}
}

static void keep_data(void *ctx, enum relay_dir dir, const char *buf,
		      size_t len)
{
	struct raw_files *files = ctx;

	if (files->fd[dir] < 0)
		return;
	if (files->bounds)
		add_text(files, dir, "<<<\n", 4);
	if (files->stamps)
		add_stamped_text(files, dir, buf, len);
	else
		add_text(files, dir, buf, len);
	if (files->bounds)
		add_text(files, dir, ">>>\n", 4);
	flush_buffer(files, dir);
}

/* The end of a direction is the end of its file. */
static void ignore_end(void *ctx, enum relay_dir dir)
{
	(void)ctx;
	(void)dir;
}

struct relay_tap raw_files_tap(struct raw_files *files)
{
	return (struct relay_tap){
	    .ctx = files, .data = keep_data, .end = ignore_end};
}

/* On a network file system only close may report a full disk. */
void raw_files_close(struct raw_files *files)
{
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		if (files->fd[dir] >= 0 && close(files->fd[dir]) < 0)
			files->failed(files->ctx, (enum relay_dir)dir, errno);
		files->fd[dir] = -1;
	}
}
