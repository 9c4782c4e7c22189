/*
 * Running rlogsess.
 *
 * All that goes in and comes out is in temporary files, so that neither side
 * waits for the other, and the program ends when it has read its input.  The
 * files are kept above the descriptors that the program gets.  It is in a
 * process group of its own: a terminal's signal does not end it half way.
 *
 * Tested by tests/peer/rlogship-sessions.t.
 */
#include "rlogship/session_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "base/temp_file.h"

enum { RUN_LINES, RUN_ENDED, RUN_ERRORS, RUN_OPEN, RUN_STILL_OPEN };
enum { ABOVE = 10 };

/* The descriptors of the program. */
static const int numbers[SESSION_RUN_FILES] = {0, 1, 2, 4, 5};

void session_run_close(struct session_run *run)
{
	for (size_t i = 0; i < SESSION_RUN_FILES; i++) {
		if (run->files[i] > 0)
			close(run->files[i]);
		run->files[i] = 0;
	}
}

static int open_run_files(struct session_run *run)
{
	int fd;

	for (size_t i = 0; i < SESSION_RUN_FILES; i++) {
		if (run->files[i] > 0)
			continue;
		fd = temp_file_open();
		if (fd < 0)
			return -1;
		run->files[i] = fcntl(fd, F_DUPFD_CLOEXEC, ABOVE);
		close(fd);
		if (run->files[i] < 0)
			return -1;
	}
	return 0;
}

/* Makes the file's contents these bytes, and its place the beginning. */
static int fill_run_file(int fd, const struct session_text *text)
{
	ssize_t n;

	if (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	for (size_t done = 0; text && done < text->len; done += (size_t)n) {
		n = pwrite(fd, text->bytes + done, text->len - done,
			   (off_t)done);
		if (n < 0)
			return -1;
	}
	return 0;
}

static int read_run_file(int fd, struct session_output *text)
{
	struct stat st;
	ssize_t n;

	*text = (struct session_output){0};
	if (fstat(fd, &st) < 0)
		return -1;
	text->bytes = malloc((size_t)st.st_size + 1);
	if (!text->bytes)
		return -1;
	while (text->len < (size_t)st.st_size) {
		n = pread(fd, text->bytes + text->len,
			  (size_t)st.st_size - text->len, (off_t)text->len);
		if (n <= 0)
			break;
		text->len += (size_t)n;
	}
	if (text->len == (size_t)st.st_size)
		return 0;
	free(text->bytes);
	*text = (struct session_output){0};
	return -1;
}

/* Starts the program.  Returns its pid, or -1 with errno set. */
static pid_t spawn_rlogsess(const struct session_run *run)
{
	static char program[] = "rlogsess", carry[] = "-K", labels[] = "-L",
		    djb[] = "djb", output[] = "-o", json[] = "json";
	char *const argv[] = {program, carry, labels, djb, output, json, NULL};
	extern char **environ;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	pid_t pid = -1;
	int error;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
						  POSIX_SPAWN_SETSIGDEF |
						  POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	error = posix_spawn_file_actions_init(&actions);
	for (size_t i = 0; i < SESSION_RUN_FILES && !error; i++)
		error = posix_spawn_file_actions_adddup2(
		    &actions, run->files[i], numbers[i]);
	if (!error)
		error = posix_spawnp(&pid, program, &actions, &attributes, argv,
				     environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	errno = error;
	return error ? -1 : pid;
}

static int wait_for_program(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* The first line that the program wrote to descriptor 2, or its end. */
static void explain_end(const struct session_run *run, int status,
			char why[SESSION_RUN_WHY])
{
	ssize_t n = pread(run->files[RUN_ERRORS], why, SESSION_RUN_WHY - 1, 0);

	why[n > 0 ? n : 0] = 0;
	why[strcspn(why, "\n")] = 0;
	if (*why)
		return;
	if (WIFSIGNALED(status))
		snprintf(why, SESSION_RUN_WHY, "rlogsess: killed by signal %d",
			 WTERMSIG(status));
	else
		snprintf(why, SESSION_RUN_WHY, "rlogsess: exit status %d",
			 WEXITSTATUS(status));
}

static int explain_errno(const char *doing, char why[SESSION_RUN_WHY])
{
	snprintf(why, SESSION_RUN_WHY, "unable to %s: %s", doing,
		 strerror(errno));
	return -1;
}

static int fill_run_files(const struct session_run *run,
			  const struct session_text *lines,
			  const struct session_text *open)
{
	const struct session_text *texts[SESSION_RUN_FILES] = {
	    [RUN_LINES] = lines, [RUN_OPEN] = open};

	for (size_t i = 0; i < SESSION_RUN_FILES; i++)
		if (fill_run_file(run->files[i], texts[i]) < 0)
			return -1;
	return 0;
}

int session_run(struct session_run *run, const struct session_text *lines,
		const struct session_text *open, struct session_output *ended,
		struct session_output *still_open, char why[SESSION_RUN_WHY])
{
	pid_t pid;
	int status;

	if (open_run_files(run) < 0 || fill_run_files(run, lines, open) < 0)
		return explain_errno("write a temporary file", why);
	pid = spawn_rlogsess(run);
	if (pid < 0)
		return explain_errno("run rlogsess", why);
	status = wait_for_program(pid);
	if (status != 0) {
		explain_end(run, status, why);
		return -1;
	}
	if (read_run_file(run->files[RUN_ENDED], ended) < 0)
		return explain_errno("read what rlogsess wrote", why);
	if (read_run_file(run->files[RUN_STILL_OPEN], still_open) == 0)
		return 0;
	free(ended->bytes);
	return explain_errno("read what rlogsess wrote", why);
}
