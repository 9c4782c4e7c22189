/*
 * Messages are copied from the temporary file when they are whole.  A file of
 * the directory is new (O_EXCL), follows no link and is readable by its owner
 * alone; one that could not be written in full is removed again.
 * Tested by tests/sh/rlogsess-mail.t.
 */
#include "rlogsess/mail/mail_output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/temp_file.h"
#include "rlogsess/mail/mbox_text.h"

static int open_mail_dir(const char *dir)
{
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return -1;
	return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int mail_output_init(struct mail_output *output, struct output *mbox,
		     const char *dir)
{
	output->mbox = mbox;
	output->dir = dir;
	output->file = temp_file_open();
	output->dir_fd = -1;
	if (output->file < 0)
		return -1;
	if (dir && (output->dir_fd = open_mail_dir(dir)) < 0) {
		snprintf(output->name, sizeof output->name, "%s", "");
		return -1;
	}
	output_init(&output->waiting, output->file);
	return 0;
}

void mail_output_free(struct mail_output *output)
{
	if (output->file >= 0)
		close(output->file);
	if (output->dir_fd >= 0)
		close(output->dir_fd);
}

void mail_output_choose_group(struct mail_output *output, uint64_t number,
			      uint64_t key)
{
	output->number = number;
	output->key = key;
	output->count = 0;
}

static void keep_mail_error(struct mail_output *output)
{
	if (!output->error)
		output->error = errno;
}

void mail_output_begin(void *ctx, int64_t time)
{
	struct mail_output *output = ctx;

	output->time = time;
	output_init(&output->waiting, output->file);
	if (ftruncate(output->file, 0) < 0 ||
	    lseek(output->file, 0, SEEK_SET) < 0)
		keep_mail_error(output);
}

void mail_output_bytes(void *ctx, const char *text, size_t len)
{
	struct mail_output *output = ctx;

	output_bytes(&output->waiting, text, len);
}

/* Passes the waiting message to write, a block at a time. */
static int copy_waiting(struct mail_output *output,
			void (*write)(void *ctx, const char *bytes, size_t len),
			void *ctx)
{
	char block[OUTPUT_SMALL];
	ssize_t n;

	if (output_flush(&output->waiting) < 0 ||
	    lseek(output->file, 0, SEEK_SET) < 0)
		return -1;
	while ((n = read(output->file, block, sizeof block)) != 0) {
		if (n > 0)
			write(ctx, block, (size_t)n);
		else if (errno != EINTR)
			return -1;
	}
	return 0;
}

struct mbox_copy {
	struct mbox_text text;
	struct output *output;
};

static void write_mbox_bytes(void *ctx, const char *bytes, size_t len)
{
	struct mbox_copy *copy = ctx;

	mbox_text_add(&copy->text, copy->output, bytes, len);
}

static int write_to_mbox(struct mail_output *output, const char *sender)
{
	struct mbox_copy copy = {.output = output->mbox};

	mbox_text_begin(copy.output, sender, output->time);
	if (copy_waiting(output, write_mbox_bytes, &copy) < 0)
		return -1;
	mbox_text_end(&copy.text, copy.output);
	return 0;
}

static void write_file_bytes(void *file, const char *bytes, size_t len)
{
	output_bytes(file, bytes, len);
}

static int write_to_file(struct mail_output *output)
{
	struct output file;
	int fd, r;

	snprintf(output->name, sizeof output->name,
		 "%" PRIu64 "-%" PRIu64 "-%" PRIu64 ".eml", output->number,
		 output->key, output->count);
	fd = openat(output->dir_fd, output->name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	output_init(&file, fd);
	r = copy_waiting(output, write_file_bytes, &file);
	if (r == 0)
		r = output_flush(&file);
	if (close(fd) < 0)
		r = -1;
	if (r < 0) {
		fd = errno;
		unlinkat(output->dir_fd, output->name, 0);
		errno = fd;
	}
	return r;
}

void mail_output_write(void *ctx, const char *sender)
{
	struct mail_output *output = ctx;
	int r;

	output->count++;
	if (output->error)
		return;
	r = output->dir ? write_to_file(output) : write_to_mbox(output, sender);
	if (r < 0)
		keep_mail_error(output);
}
