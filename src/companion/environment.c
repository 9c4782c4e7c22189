/*
 * Takes the companion's variables out of the environment before main, so that
 * it is what it would be without a relay, and puts them back on exec.
 */
#include "companion/environment.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/companion.h"
#include "companion/real.h"
#include "companion/session.h"

#define PRELOAD "LD_PRELOAD="
#define OWN COMPANION_VARIABLE "="

enum { PRELOAD_LEN = sizeof PRELOAD - 1, OWN_LEN = sizeof OWN - 1 };

/* A path, and two facts. */
enum { OWN_SIZE = OWN_LEN + 4096 + 2 * SOCKET_FACTS_TEXT };

/* A copy, since programs that show a title write over their environment. */
static struct {
	char variable[OWN_SIZE]; /* NAME=PATH FACTS; empty: not preloaded */
	const char *path;
	size_t path_len;
} own;

static char **find(char *const envp[], const char *name, size_t len)
{
	for (; envp && *envp; envp++)
		if (strncmp(*envp, name, len) == 0)
			return (char **)envp;
	return NULL;
}

static void remove_entry(char **entry)
{
	do {
		entry[0] = entry[1];
	} while (*entry++);
}

/* The path is the first word of LD_PRELOAD; it was alone, or a colon follows.
 */
static void restore_preload(void)
{
	char **entry = find(environ, PRELOAD, PRELOAD_LEN);
	char *value = entry ? *entry + PRELOAD_LEN : NULL;

	if (!value || strncmp(value, own.path, own.path_len) != 0)
		return;
	if (value[own.path_len] == 0)
		remove_entry(entry);
	else if (value[own.path_len] == ':')
		*entry =
		    memcpy(*entry + own.path_len + 1, PRELOAD, PRELOAD_LEN);
}

__attribute__((constructor)) static void take_variables_out(void)
{
	char **entry = find(environ, OWN, OWN_LEN);
	const char *facts;

	real();
	if (!entry || strlen(*entry) >= sizeof own.variable)
		return;
	strcpy(own.variable, *entry);
	remove_entry(entry);
	own.path = own.variable + OWN_LEN;
	own.path_len = strcspn(own.path, " ");
	restore_preload();
	facts = own.path + own.path_len;
	if (*facts)
		session_init(facts + 1);
}

struct environment_room environment_room(char *const envp[])
{
	struct environment_room room = {3, 1};
	char **preload;

	if (!own.path)
		return room;
	for (size_t k = 0; envp && envp[k]; k++)
		room.pointers++;
	preload = find(envp, PRELOAD, PRELOAD_LEN);
	room.text +=
	    PRELOAD_LEN + own.path_len + 1 + (preload ? strlen(*preload) : 0);
	return room;
}

char *const *environment_carry(char *const envp[], char **list, char *text,
			       bool also_closing)
{
	size_t n = 0;
	char *end = text;

	if (!own.path || find(envp, OWN, OWN_LEN) ||
	    !session_is_inherited(also_closing))
		return envp;
	end = mempcpy(end, PRELOAD, PRELOAD_LEN);
	end = mempcpy(end, own.path, own.path_len);
	*end = 0;
	for (; envp && *envp; envp++) {
		list[n++] = *envp;
		if (*end || strncmp(*envp, PRELOAD, PRELOAD_LEN) != 0)
			continue;
		*end = ':';
		strcpy(end + 1, *envp + PRELOAD_LEN);
		list[n - 1] = text;
	}
	if (*end == 0)
		list[n++] = text;
	list[n++] = own.variable;
	list[n] = NULL;
	return list;
}
