/*
 * Takes the companion along into what the program becomes or starts, if that
 * inherits the session.  Every environment is built on the stack, so that this
 * works between vfork and exec and in signal handlers.
 *
 * libc's own system and popen call none of these functions: for as long as they
 * run the process itself has the companion's variables.
 */
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "companion/environment.h"
#include "companion/real.h"

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	CARRY(carried, envp, false);
	return real()->execve(path, argv, carried);
}

EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	CARRY(carried, envp, false);
	return real()->execvpe(file, argv, carried);
}

EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	CARRY(carried, envp, false);
	return real()->fexecve(fd, argv, carried);
}

EXPORT int execveat(int dir, const char *path, char *const argv[],
		    char *const envp[], int flags)
{
	CARRY(carried, envp, false);
	if (real()->execveat)
		return real()->execveat(dir, path, argv, carried, flags);
	errno = ENOSYS;
	return -1;
}

/*
 * Declares argv: first and the arguments that follow last, with the NULL that
 * ends them, and reads them from the list of arguments ap, which is open then.
 */
#define COLLECT(argv, first, last, ap)         \
	size_t argc_ = 1;                      \
	va_list ap;                            \
	va_start(ap, last);                    \
	while (va_arg(ap, char *))             \
		argc_++;                       \
	va_end(ap);                            \
	char *argv[argc_ + 1];                 \
	va_start(ap, last);                    \
	argv[0] = (char *)(first);             \
	for (size_t k_ = 1; k_ <= argc_; k_++) \
	argv[k_] = va_arg(ap, char *)

EXPORT int execl(const char *path, const char *arg, ...)
{
	COLLECT(argv, arg, arg, ap);
	va_end(ap);
	return execve(path, argv, environ);
}

EXPORT int execlp(const char *file, const char *arg, ...)
{
	COLLECT(argv, arg, arg, ap);
	va_end(ap);
	return execvpe(file, argv, environ);
}

EXPORT int execle(const char *path, const char *arg, ...)
{
	char *const *envp;
	COLLECT(argv, arg, arg, ap);

	envp = va_arg(ap, char *const *);
	va_end(ap);
	return execve(path, argv, envp);
}

/* What the actions do to descriptors is not known. */
EXPORT int posix_spawn(pid_t *pid, const char *path,
		       const posix_spawn_file_actions_t *actions,
		       const posix_spawnattr_t *attr, char *const argv[],
		       char *const envp[])
{
	CARRY(carried, envp, actions);
	return real()->posix_spawn(pid, path, actions, attr, argv, carried);
}

EXPORT int posix_spawnp(pid_t *pid, const char *file,
			const posix_spawn_file_actions_t *actions,
			const posix_spawnattr_t *attr, char *const argv[],
			char *const envp[])
{
	CARRY(carried, envp, actions);
	return real()->posix_spawnp(pid, file, actions, attr, argv, carried);
}

/*
 * carried was the environment for a while.  If another thread has put a copy of
 * it in its place, that one keeps the variables.
 */
static void take_back(char *const *carried, char **saved)
{
	if (environ == (char **)carried)
		environ = saved;
}

EXPORT int system(const char *command)
{
	char **saved = environ;
	CARRY(carried, environ, false);
	int result;

	environ = (char **)carried;
	result = real()->system(command);
	take_back(carried, saved);
	return result;
}

EXPORT FILE *popen(const char *command, const char *type)
{
	char **saved = environ;
	CARRY(carried, environ, false);
	FILE *result;

	environ = (char **)carried;
	result = real()->popen(command, type);
	take_back(carried, saved);
	return result;
}
