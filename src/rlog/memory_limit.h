/*
 * The limit of the process's memory that softlimit or ulimit sets, and the one
 * that a script needs.
 */
#ifndef MEMORY_LIMIT_H
#define MEMORY_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "logwrite/script.h"

/*
 * Sets *bytes to the limit of the process's address space or data, whichever is
 * lower.  Returns false if there is none.
 */
bool memory_limit_get(uint64_t *bytes);

/*
 * Returns a limit, in bytes, under which the script runs.  It depends on the
 * system's C library, and so has some room.
 */
uint64_t memory_limit_needed(const struct script *script);

#endif
