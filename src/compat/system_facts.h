/*
 * Facts that only some systems tell: the boot, the birth of a file, and the
 * process that holds a lock.
 */
#ifndef SYSTEM_FACTS_H
#define SYSTEM_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <sys/types.h>

/*
 * Reads the id of the system's boot, at most size bytes: no two boots have the
 * same.  Returns its length, or 0 if the system has none or does not tell.
 */
size_t system_facts_boot_id(char *id, size_t size);

/*
 * True if the system knows when the file was made, which goes to *birth.  It
 * never changes while the file is there.
 */
bool system_facts_birth(int fd, struct timespec *birth);

/* Returns the pid of a process that locks the open file, 0 if none is known. */
pid_t system_facts_lock_holder(int fd);

#endif
