/*
 * becomes HOW PROG [ARG...]: runs a program by the function of libc that HOW
 * names. PROG must be a path where that function wants one, and for execl and
 * its kin there is one ARG.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/wait.h>

static int status_of(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status)
		   ? WEXITSTATUS(status)
		   : 111;
}

static int by_spawn(const char *how, char **argv)
{
	pid_t pid;
	int rc = strcmp(how, "posix_spawn") == 0
		     ? posix_spawn(&pid, argv[0], NULL, NULL, argv, environ)
		     : posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);

	return rc ? 111 : status_of(pid);
}

/* The session has close-on-exec; an action puts it in its place. */
static int by_spawn_with_actions(char **argv)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status, copy = fcntl(0, F_DUPFD_CLOEXEC, 10);

	close(0);
	close(1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, copy, 0);
	posix_spawn_file_actions_adddup2(&actions, copy, 1);
	status = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (status)
		return 111;
	return status_of(pid);
}

static int by_vfork(char **argv)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execve(argv[0], argv, environ);
		_exit(127);
	}
	return status_of(pid);
}

static int by_shell(const char *how, char **argv)
{
	char command[4096] = "exec";
	FILE *child;

	for (; *argv; argv++) {
		strcat(command, " ");
		strcat(command, *argv);
	}
	if (strcmp(how, "system") == 0)
		return WEXITSTATUS(system(command));
	child = popen(command, "w");
	return child ? WEXITSTATUS(pclose(child)) : 111;
}

static void by_list(const char *how, char **a)
{
	if (strcmp(how, "execl") == 0)
		execl(a[0], a[0], a[1], (char *)NULL);
	if (strcmp(how, "execlp") == 0)
		execlp(a[0], a[0], a[1], (char *)NULL);
	if (strcmp(how, "execle") == 0)
		execle(a[0], a[0], a[1], (char *)NULL, environ);
}

int main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[1] : "";
	char **command = argv + 2;

	if (strcmp(how, "execve") == 0)
		execve(command[0], command, environ);
	if (strcmp(how, "execv") == 0)
		execv(command[0], command);
	if (strcmp(how, "execvp") == 0)
		execvp(command[0], command);
	if (strcmp(how, "execvpe") == 0)
		execvpe(command[0], command, environ);
	if (strcmp(how, "fexecve") == 0)
		fexecve(open(command[0], O_RDONLY | O_CLOEXEC), command,
			environ);
	if (strcmp(how, "execveat") == 0)
		execveat(AT_FDCWD, command[0], command, environ, 0);
	if (argc >= 4)
		by_list(how, command);
	if (strcmp(how, "posix_spawn") == 0 || strcmp(how, "posix_spawnp") == 0)
		return by_spawn(how, command);
	if (strcmp(how, "actions") == 0)
		return by_spawn_with_actions(command);
	if (strcmp(how, "vfork") == 0)
		return by_vfork(command);
	if (strcmp(how, "system") == 0 || strcmp(how, "popen") == 0)
		return by_shell(how, command);
	return 111;
}
