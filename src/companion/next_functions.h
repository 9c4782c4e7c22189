/* The definitions, mostly libc's, that the companion's functions replace. */
#ifndef NEXT_FUNCTIONS_H
#define NEXT_FUNCTIONS_H

#include <spawn.h>
#include <stdio.h>

#include <sys/socket.h>

/* Marks a function that replaces one of libc; all others are hidden. */
#define EXPORT __attribute__((visibility("default")))

/* A member is NULL if the program's libc lacks the function. */
struct next_functions {
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
 * Returns the functions, which its first call looks up.  The constructor makes
 * that call, so that none is looked up between vfork and exec.
 */
const struct next_functions *next_functions(void);

#endif
