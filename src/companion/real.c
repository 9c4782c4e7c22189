/*
 * The next definition of each function in the order of the dynamic linker, so
 * that other preloaded objects keep their place.  Looked up at once and once;
 * two threads that do so at the same time store the same.
 */
#include "companion/real.h"

#include <dlfcn.h>
#include <string.h>

static struct real functions;

/* A pointer to an object can't be cast to one to a function. */
static void look_up(void *function, const char *name)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	memcpy(function, &symbol, sizeof symbol);
}

const struct real *real(void)
{
	if (functions.popen)
		return &functions;
	look_up(&functions.getpeername, "getpeername");
	look_up(&functions.getsockname, "getsockname");
	look_up(&functions.getsockopt, "getsockopt");
	look_up(&functions.setsockopt, "setsockopt");
	look_up(&functions.execve, "execve");
	look_up(&functions.execvpe, "execvpe");
	look_up(&functions.fexecve, "fexecve");
	look_up(&functions.execveat, "execveat");
	look_up(&functions.posix_spawn, "posix_spawn");
	look_up(&functions.posix_spawnp, "posix_spawnp");
	look_up(&functions.system, "system");
	look_up(&functions.popen, "popen");
	return &functions;
}
