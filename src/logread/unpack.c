/*
 * Compressed files.  The program is started with the default action of each
 * signal and none blocked, whatever the reading program has set.  Its exit
 * status tells a damaged file from the end of a whole one.
 *
 * Tested by tests/sh/rlogread-usage.t and tests/peer/racing.t.
 */
#include "logread/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

extern char **environ;

/*
 * Sources: RFC 1952 2.3.1 (gzip), RFC 8878 3.1.1 (zstd), and
 * https://tukaani.org/xz/xz-file-format.txt 2.1.1.1
 */
static const struct {
	const char *program;
	size_t len;
	const char *magic;
} formats[] = {
    {"gzip", 2, "\x1f\x8b"},
    {"zstd", 4, "\x28\xb5\x2f\xfd"},
    {"xz", 6,
     "\xfd"
     "7zXZ\0"},
};

const char *unpack_program(const char *head, size_t len)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (len >= formats[i].len &&
		    memcmp(head, formats[i].magic, formats[i].len) == 0)
			return formats[i].program;
	return NULL;
}

static int spawn_program(const char *program, int in, int out, pid_t *child)
{
	char name[] = "xxxx", flags[] = "-dc";
	char *argv[] = {name, flags, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t set;
	int error;

	strncpy(name, program, sizeof name - 1);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	sigfillset(&set);
	posix_spawnattr_setsigdefault(&attributes, &set);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attributes, &set);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF |
						  POSIX_SPAWN_SETSIGMASK);
	error = posix_spawn_file_actions_adddup2(&actions, in, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (!error)
		error = posix_spawnp(child, program, &actions, &attributes,
				     argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

int unpack_start(const char *program, int file, pid_t *child)
{
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	error = spawn_program(program, file, ends[1], child);
	close(ends[1]);
	if (!error)
		return ends[0];
	close(ends[0]);
	errno = error;
	return -1;
}

static int reap_program(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

int unpack_end(pid_t child)
{
	if (reap_program(child) == 0)
		return 0;
	errno = EIO;
	return -1;
}

void unpack_stop(pid_t child)
{
	kill(child, SIGKILL);
	reap_program(child);
}
