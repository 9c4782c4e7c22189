/*
 * Looks up the next definition of each replaced function in the order of the
 * dynamic linker, so that other preloaded objects keep their place.  The first
 * call looks up all functions; popen is the last member, so it tells whether
 * all are there.  Two threads that look up at the same time store the same
 * values.
 *
 * Tested by tests/sh/recio-peer.t.
 */
#include "companion/next_functions.h"

#include <dlfcn.h>
#include <string.h>

static struct next_functions found;

/*
 * Stores the address of the function called name in the function pointer that
 * function points to.  C has no cast from dlsym's result to such a pointer.
 */
static void look_up_function(void *function, const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	memcpy(function, &symbol, sizeof symbol);
}

const struct next_functions *next_functions(void)
{
	if (found.popen)
		return &found;
	look_up_function(&found.getpeername, "getpeername");
	look_up_function(&found.getsockname, "getsockname");
	look_up_function(&found.getsockopt, "getsockopt");
	look_up_function(&found.setsockopt, "setsockopt");
	look_up_function(&found.execve, "execve");
	look_up_function(&found.execvpe, "execvpe");
	look_up_function(&found.fexecve, "fexecve");
	look_up_function(&found.execveat, "execveat");
	look_up_function(&found.posix_spawn, "posix_spawn");
	look_up_function(&found.posix_spawnp, "posix_spawnp");
	look_up_function(&found.system, "system");
	look_up_function(&found.popen, "popen");
	return &found;
}
