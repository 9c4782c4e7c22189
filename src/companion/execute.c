/*
 * Replaces exec and its variants, so that the companion is loaded into every
 * program that the process becomes or starts, if that program inherits the
 * session.  Every environment is built on the stack, so that the functions work
 * between vfork and exec and in signal handlers.
 *
 * libc's system and popen call none of these functions, so while they run the
 * process has the companion's variables in its own environment.
 *
 * Tested by tests/sh/recio-peer.t.
 */
#include <errno.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "companion/carried_channel.h"
#include "companion/next_functions.h"
#include "companion/session_variable.h"

/* Ends the call that followed CARRY, and returns its result. Keeps errno. */
static int end_carry(int result)
{
	carried_channel_close_on_exec(true);
	return result;
}

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	CARRY(carried, envp, false);
	return end_carry(next_functions()->execve(path, argv, carried));
}

EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	CARRY(carried, envp, false);
	return end_carry(next_functions()->execvpe(file, argv, carried));
}

EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	CARRY(carried, envp, false);
	return end_carry(next_functions()->fexecve(fd, argv, carried));
}

EXPORT int execveat(int dir, const char *path, char *const argv[],
		    char *const envp[], int flags)
{
	CARRY(carried, envp, false);
	if (next_functions()->execveat)
		return end_carry(next_functions()->execveat(dir, path, argv,
							    carried, flags));
	errno = ENOSYS;
	return end_carry(-1);
}

/*
 * Declares argv, with first as its first element, and reads the arguments after
 * last into it, the final NULL included.  Declares ap, the list that they are
 * read from; the caller closes it by va_end.
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
	for (size_t i_ = 1; i_ <= argc_; i_++) \
	argv[i_] = va_arg(ap, char *)

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

/*
 * Actions can't be inspected: they may duplicate a close-on-exec descriptor,
 * so with actions those descriptors count as inherited, too.
 */
EXPORT int posix_spawn(pid_t *pid, const char *path,
		       const posix_spawn_file_actions_t *actions,
		       const posix_spawnattr_t *attr, char *const argv[],
		       char *const envp[])
{
	CARRY(carried, envp, actions);
	return end_carry(next_functions()->posix_spawn(pid, path, actions, attr,
						       argv, carried));
}

EXPORT int posix_spawnp(pid_t *pid, const char *file,
			const posix_spawn_file_actions_t *actions,
			const posix_spawnattr_t *attr, char *const argv[],
			char *const envp[])
{
	CARRY(carried, envp, actions);
	return end_carry(next_functions()->posix_spawnp(pid, file, actions,
							attr, argv, carried));
}

/*
 * Sets environ from carried back to saved.  If another thread has replaced
 * environ by a copy of carried, the copy stays, with the variables in it.
 */
static void restore_environ(char *const *carried, char **saved)
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
	result = next_functions()->system(command);
	restore_environ(carried, saved);
	return end_carry(result);
}

EXPORT FILE *popen(const char *command, const char *type)
{
	char **saved = environ;
	CARRY(carried, environ, false);
	FILE *result;

	environ = (char **)carried;
	result = next_functions()->popen(command, type);
	restore_environ(carried, saved);
	end_carry(0);
	return result;
}
