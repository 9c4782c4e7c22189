/*
 * Status files.  Only the latest line matters: a line that could not be written
 * is replaced by the next one, and no batch waits for it.
 */
#include "logwrite/output/status_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/deadline.h"
#include "logdir/layout.h"
#include "logdir/replace.h"

/* Splits the path, links resolved, into an open directory and a file name. */
static int split_path(struct status_file *status)
{
	char path[PATH_MAX], copy[PATH_MAX];

	if (!realpath(status->name, path))
		return -1;
	strcpy(copy, path);
	snprintf(status->file, sizeof status->file, "%s", basename(copy));
	status->directory =
	    open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return status->directory < 0 ? -1 : 0;
}

int status_file_open(struct status_file *status, const char *name, size_t size)
{
	struct stat st;

	memset(status, 0, sizeof *status);
	status->name = name;
	failure_init(&status->failure, name);
	status->size = size;
	status->fd = -1;
	status->directory = -1;
	status->text = malloc(size ? size : SCRIPT_SHOWN);
	if (!status->text)
		return failure_set(&status->failure, "get memory for", "");
	status->fd =
	    open(name, O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600);
	if (status->fd < 0 || fstat(status->fd, &st) < 0) {
		failure_set(&status->failure,
			    status->fd < 0 ? "create" : "stat", "");
		status_file_close(status);
		return -1;
	}
	if (!S_ISREG(st.st_mode) || split_path(status) < 0)
		return 0;
	if (strlen(status->file) + strlen(REPLACE_SUFFIX) <= NAME_MAX &&
	    faccessat(status->directory, ".", W_OK | X_OK, AT_EACCESS) == 0) {
		close(status->fd);
		status->fd = -1;
	} else {
		close(status->directory);
		status->directory = -1;
	}
	return 0;
}

void status_file_close(struct status_file *status)
{
	if (status->directory >= 0)
		close(status->directory);
	if (status->fd >= 0)
		close(status->fd);
	status->directory = status->fd = -1;
	free(status->text);
	status->text = NULL;
}

void status_file_set(struct status_file *status, const char *line, size_t len)
{
	const size_t most = status->size ? status->size : SCRIPT_SHOWN;

	if (len > most - 1)
		len = most - 1;
	memcpy(status->text, line, len);
	status->len = status->size ? status->size : len + 1;
	memset(status->text + len, '\n', status->len - len);
	status->pending = true;
}

static int write_status_text(const struct status_file *status, int fd)
{
	size_t at = 0;
	ssize_t w;

	while (at < status->len) {
		w = write(fd, status->text + at, status->len - at);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -1;
		at += (size_t)w;
	}
	return 0;
}

/* Mode and owner stay as they are; a stranger's file stays readable to him. */
static int fill_fresh(const struct status_file *status, int fd)
{
	struct stat st;

	if (fstatat(status->directory, status->file, &st,
		    AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode)) {
		if (fchown(fd, st.st_uid, st.st_gid) < 0 && errno != EPERM)
			return -1;
		if (fchmod(fd, st.st_mode & 07777) < 0)
			return -1;
	}
	return write_status_text(status, fd);
}

static int replace_file(const struct status_file *status)
{
	struct replace replace;

	if (replace_open(&replace, status->directory, status->file,
			 LAYOUT_PRIVATE_MODE) < 0)
		return -1;
	return replace_end(&replace, fill_fresh(status, replace.fd) == 0,
			   false);
}

static int overwrite_file(const struct status_file *status)
{
	/* A FIFO or a terminal has no beginning to go back to. */
	if (lseek(status->fd, 0, SEEK_SET) < 0 && errno != ESPIPE)
		return -1;
	if (write_status_text(status, status->fd) < 0)
		return -1;
	/* What is no file has no size, and need not be told. */
	if (!status->size && ftruncate(status->fd, (off_t)status->len) < 0 &&
	    errno != EINVAL)
		return -1;
	return 0;
}

int status_file_write(struct status_file *status)
{
	int r = status->directory >= 0 ? replace_file(status)
				       : overwrite_file(status);

	if (r < 0)
		return failure_set(&status->failure, "write to", "");
	status->pending = false;
	return 0;
}

int status_file_put(struct status_file *status, const struct tain_s *now,
		    struct tain_s *deadline)
{
	struct trouble *trouble = &status->trouble;
	bool first;

	if (!status->pending || trouble_waits(trouble, now, deadline))
		return 0;
	if (status_file_write(status) == 0) {
		trouble_over(trouble, now);
		return 0;
	}
	first = trouble_hit(trouble, now);
	deadline_lower(deadline, &trouble->retry);
	return first ? -1 : 0;
}

static void retry_status_file(struct log_output *output, struct turn *turn)
{
	struct status_file *status = (struct status_file *)output;
	const struct event trouble = {.kind = EVENT_TROUBLE,
				      .failure = &status->failure};

	if (status_file_put(status, &turn->now, &turn->deadline) < 0)
		output->tell(&trouble);
}

/* Later lines replace one that could not be written: no batch waits. */
static bool write_status_file(struct log_output *output, struct turn *turn)
{
	struct batch_part *part = output->part;
	size_t len;
	const char *line = batch_part_next(part, &len);

	if (line) {
		status_file_set((struct status_file *)output, line, len - 1);
		batch_part_clear(part);
	}
	retry_status_file(output, turn);
	return true;
}

/* The line that could not be written is tried a last time. */
static int close_status_file(struct log_output *output, bool abandoned)
{
	struct status_file *status = (struct status_file *)output;
	const struct event failed = {.kind = EVENT_FAILED,
				     .failure = &status->failure};

	(void)abandoned;
	if (status->pending && status_file_write(status) < 0)
		output->tell(&failed);
	status_file_close(status);
	return 0;
}

int status_file_open_output(struct status_file *status,
			    const struct action *action, event_listener *tell)
{
	static const struct output_ops ops = {
	    .write = write_status_file,
	    .sync = retry_status_file,
	    .close = close_status_file,
	};

	if (status_file_open(status, action->text,
			     action->settings->status_size) < 0)
		return -1;
	log_output_init(&status->output, &ops, tell, 0);
	trouble_init(&status->trouble, action->settings->retry);
	return 0;
}
