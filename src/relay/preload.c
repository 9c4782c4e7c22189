/*
 * recio is often started by root, so what it preloads must be as safe as its
 * own file.  Whoever can change a directory that our own program is in has us
 * in his power already.  Of all others, from the companion's file upwards, each
 * must belong to root or to the owner of our own program, and nobody else may
 * write to it, but in a directory where only owners rename (/tmp), or by the
 * group that may write to the directory of our own program.
 */
#include "relay/preload.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/companion.h"
#include "relay/loadable.h"

/* Our own program: its owner, and its directory with what may be done there. */
struct own {
	uid_t owner;
	char dir[PATH_MAX];
	mode_t mode;
	gid_t group;
};

static bool find_own(struct own *own)
{
	ssize_t n = readlink("/proc/self/exe", own->dir, sizeof own->dir - 1);
	struct stat st;

	if (n <= 0 || stat(own->dir, &st) < 0)
		return false;
	own->owner = st.st_uid;
	strrchr(own->dir, '/')[1] = 0;
	if (stat(own->dir, &st) < 0)
		return false;
	own->mode = st.st_mode;
	own->group = st.st_gid;
	return true;
}

static bool is_above(const char *path, const char *dir)
{
	size_t len = strlen(path);

	return strncmp(path, dir, len) == 0 && dir[len] == '/';
}

static bool is_safe(const char *path, const struct own *own)
{
	struct stat st;

	if (stat(path, &st) < 0 || (st.st_uid != 0 && st.st_uid != own->owner))
		return false;
	if (S_ISDIR(st.st_mode) && (st.st_mode & S_ISVTX))
		return true;
	if ((st.st_mode & S_IWGRP) &&
	    !((own->mode & S_IWGRP) && st.st_gid == own->group))
		return false;
	return !(st.st_mode & S_IWOTH);
}

/* path is resolved: it begins with a slash and has no links. */
static bool is_trusted(const char *path, const struct own *own)
{
	char part[PATH_MAX];
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	strcpy(part, path);
	while (*part && !is_above(part, own->dir)) {
		if (!is_safe(part, own))
			return false;
		*strrchr(part, '/') = 0;
	}
	return true;
}

/* Installed, built, or where it was said to be when this was compiled. */
static bool find_companion(char path[PATH_MAX], const struct own *own)
{
	char name[PATH_MAX + sizeof "../lib/recio/" COMPANION_FILE];

	if (*own->dir) {
		sprintf(name, "%s../lib/recio/" COMPANION_FILE, own->dir);
		if (realpath(name, path))
			return true;
		sprintf(name, "%s" COMPANION_FILE, own->dir);
		if (realpath(name, path))
			return true;
	}
	return realpath(LIBDIR "/" COMPANION_FILE, path);
}

static void give_up(struct preload *p, enum preload_state state,
		    const char *what, const char *why)
{
	p->state = state;
	snprintf(p->why, sizeof p->why, "%.400s%s", what, why);
}

static bool set_environment(const char *path, const struct socket_facts *facts,
			    size_t n)
{
	char text[PATH_MAX + 2 * (SOCKET_FACTS_TEXT + 1)];
	const char *old = getenv("LD_PRELOAD");
	char *list = malloc(strlen(path) + (old ? strlen(old) : 0) + 2);
	size_t len = (size_t)sprintf(text, "%s", path);
	bool set;

	for (size_t k = 0; k < n; k++) {
		text[len++] = ' ';
		len += socket_facts_write(text + len, &facts[k]);
	}
	if (list)
		sprintf(list, "%s%s%s", path, old ? ":" : "", old ? old : "");
	set = list && setenv(COMPANION_VARIABLE, text, 1) == 0 &&
	      setenv("LD_PRELOAD", list, 1) == 0;
	if (!set)
		unsetenv(COMPANION_VARIABLE);
	free(list);
	return set;
}

/*
 * Result: whether to set the environment.  A program without a linker hands it
 * on to the next one in the chain.
 */
static bool is_of_use(struct preload *p, const char *program)
{
	switch (loadable_program(program)) {
	case LOADABLE: p->state = PRELOAD_DONE; return true;
	case LOADABLE_STATIC:
		give_up(p, PRELOAD_IMPOSSIBLE, "it is linked statically", "");
		return true;
	case LOADABLE_FOREIGN:
		give_up(p, PRELOAD_IMPOSSIBLE,
			"it is for another kind of processor", "");
		return false;
	case LOADABLE_PRIVILEGED:
		give_up(p, PRELOAD_REFUSED,
			"it is setuid, setgid or has capabilities", "");
		return false;
	}
	return false;
}

void preload_companion(struct preload *p, const char *program,
		       const struct socket_facts *facts, size_t n)
{
	struct own own = {.dir = ""};
	char path[PATH_MAX];

	if (n == 0 || !is_of_use(p, program))
		return;
	if (!find_own(&own))
		own = (struct own){.dir = ""};
	/* LD_PRELOAD is split at some of these, "$" is expanded. */
	if (!find_companion(path, &own))
		give_up(p, PRELOAD_BROKEN, LIBDIR "/" COMPANION_FILE ": ",
			strerror(errno));
	else if (path[strcspn(path, " \t\n:;$")])
		give_up(p, PRELOAD_BROKEN, path,
			": the linker takes no such name");
	else if (!is_trusted(path, &own))
		give_up(p, PRELOAD_BROKEN, path,
			": others than its owner could change it");
	else if (!set_environment(path, facts, n))
		give_up(p, PRELOAD_BROKEN, path, ": no memory");
}
