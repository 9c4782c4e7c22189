/* The functions that the companion's own stand in front of. */
#ifndef REAL_H
#define REAL_H

#include <spawn.h>
#include <stdio.h>

#include <sys/socket.h>

#define EXPORT __attribute__((visibility("default")))

/* A member that this libc does not have is NULL. */
struct real {
	int (*getpeername)(int fd, struct sockaddr *addr, socklen_t *len);
	int (*getsockname)(int fd, struct sockaddr *addr, socklen_t *len);
	int (*getsockopt)(int fd, int level, int option, void *value,
			  socklen_t *len);
	int (*setsockopt)(int fd, int level, int option, const void *value,
			  socklen_t len);
	int (*execve)(const char *path, char *const argv[], char *const envp[]);
	int (*execvpe)(const char *file, char *const argv[],
		       char *const envp[]);
	int (*fexecve)(int fd, char *const argv[], char *const envp[]);
	int (*execveat)(int dir, const char *path, char *const argv[],
			char *const envp[], int flags);
	int (*posix_spawn)(pid_t *pid, const char *path,
			   const posix_spawn_file_actions_t *actions,
			   const posix_spawnattr_t *attr, char *const argv[],
			   char *const envp[]);
	int (*posix_spawnp)(pid_t *pid, const char *file,
			    const posix_spawn_file_actions_t *actions,
			    const posix_spawnattr_t *attr, char *const argv[],
			    char *const envp[]);
	int (*system)(const char *command);
	FILE *(*popen)(const char *command, const char *type);
};

/*
 * All of them.  The constructor asks first, so that nobody else has to look
 * them up between vfork and exec.
 */
const struct real *real(void);

#endif
