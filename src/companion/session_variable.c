/*
 * Takes the companion's variables out of the environment before main, so that
 * the program sees the environment that it would have without a relay, and
 * puts them back on exec, together with the channel's descriptor if the second
 * word names one.
 *
 * The variables are kept in a copy, since programs that show a title overwrite
 * their environment.  Nothing is written to the copy after the constructor, and
 * no function here allocates memory.
 *
 * Descriptors are compared with the session's sockets by device and inode.  So
 * a duplicate of a session's descriptor belongs to the session, and a new file
 * that has the number of a closed one does not.
 *
 * In this order: the sockets, the variables.  Tested by tests/sh/recio-peer.t.
 */
#include "companion/session_variable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/companion.h"
#include "companion/carried_channel.h"
#include "companion/next_functions.h"

/* A session is one socket, or one for each direction. */
enum { SOCKETS = 2, LAST_DESCRIPTOR = 1023 };

static struct {
	int n;
	struct socket_facts facts[SOCKETS];
} sockets;

/*
 * Reads the facts of one or two sockets from text.  If text is malformed, no
 * descriptor belongs to the session.
 */
static void read_session_facts(const char *text)
{
	int n = 0;

	do {
		text = socket_facts_read(&sockets.facts[n++], text);
	} while (text && *text == ' ' && n < SOCKETS && text++);
	sockets.n = text && *text == 0 ? n : 0;
}

const struct socket_facts *session_variable_facts(int fd)
{
	const struct socket_facts *found = NULL;
	int saved = errno;

	for (int i = 0; i < sockets.n && !found; i++)
		if (socket_facts_match(&sockets.facts[i], fd))
			found = &sockets.facts[i];
	errno = saved;
	return found;
}

/* True if fd is the session's and stays open on exec, or also_closing. */
static bool is_inherited_session(int fd, bool also_closing)
{
	int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && (also_closing || !(flags & FD_CLOEXEC)) &&
	       (session_variable_facts(fd) ||
		carried_channel_session(fd) == SESSION_FILE);
}

/* True if a program that is executed now inherits the session. Keeps errno. */
static bool is_session_inherited(bool also_closing)
{
	bool found = false;
	int saved = errno;

	if (sockets.n || carried_channel())
		for (int fd = 0; fd <= LAST_DESCRIPTOR && !found; fd++)
			found = is_inherited_session(fd, also_closing);
	errno = saved;
	return found;
}

#define PRELOAD "LD_PRELOAD="
#define OWN COMPANION_VARIABLE "="

enum { PRELOAD_LEN = sizeof PRELOAD - 1, OWN_LEN = sizeof OWN - 1 };

/* A path, a channel, and two facts. */
enum {
	OWN_SIZE =
	    OWN_LEN + 4096 + 1 + CLEAR_CHANNEL_TEXT + 2 * SOCKET_FACTS_TEXT
};

/* Set by the constructor only. */
static struct {
	char variable[OWN_SIZE]; /* NAME=PATH CHANNEL FACTS; empty: not
				    preloaded */
	const char *path;
	size_t path_len;
} own;

static char **find_variable(char *const envp[], const char *name, size_t len)
{
	for (size_t i = 0; envp && envp[i]; i++)
		if (strncmp(envp[i], name, len) == 0)
			return (char **)&envp[i];
	return NULL;
}

static void remove_entry(char **entry)
{
	do {
		entry[0] = entry[1];
	} while (*entry++);
}

/* Removes the companion's path, the first in LD_PRELOAD, from that variable. */
static void restore_preload(void)
{
	char **entry = find_variable(environ, PRELOAD, PRELOAD_LEN);
	char *value = entry ? *entry + PRELOAD_LEN : NULL;

	if (!value || strncmp(value, own.path, own.path_len) != 0)
		return;
	if (value[own.path_len] == 0)
		remove_entry(entry);
	else if (value[own.path_len] == ':')
		*entry =
		    memcpy(*entry + own.path_len + 1, PRELOAD, PRELOAD_LEN);
}

/* Reads the words after the path. */
static void read_words(const char *text)
{
	if (text[0] == ' ' && text[1] == 'L')
		text = carried_channel_take(text + 1);
	if (text && *text == ' ')
		read_session_facts(text + 1);
}

/* The first constructor of this object; the others find the channel taken. */
__attribute__((constructor(101))) static void take_variables(void)
{
	char **entry = find_variable(environ, OWN, OWN_LEN);

	next_functions();
	if (!entry || strlen(*entry) >= sizeof own.variable)
		return;
	strcpy(own.variable, *entry);
	remove_entry(entry);
	own.path = own.variable + OWN_LEN;
	own.path_len = strcspn(own.path, " ");
	restore_preload();
	read_words(own.path + own.path_len);
}

struct session_variable_room session_variable_room(char *const envp[])
{
	struct session_variable_room room = {3, 1};
	char **preload;

	if (!own.path)
		return room;
	for (size_t i = 0; envp && envp[i]; i++)
		room.pointers++;
	preload = find_variable(envp, PRELOAD, PRELOAD_LEN);
	room.text +=
	    PRELOAD_LEN + own.path_len + 1 + (preload ? strlen(*preload) : 0);
	return room;
}

char *const *session_variable_carry(char *const envp[], char **list, char *text,
				    bool also_closing)
{
	size_t n = 0;
	char *end = text;

	if (!own.path || find_variable(envp, OWN, OWN_LEN) ||
	    !is_session_inherited(also_closing))
		return envp;
	end = mempcpy(end, PRELOAD, PRELOAD_LEN);
	end = mempcpy(end, own.path, own.path_len);
	*end = 0;
	for (size_t i = 0; envp && envp[i]; i++) {
		list[n++] = envp[i];
		if (*end || strncmp(envp[i], PRELOAD, PRELOAD_LEN) != 0)
			continue;
		*end = ':';
		strcpy(end + 1, envp[i] + PRELOAD_LEN);
		list[n - 1] = text;
	}
	if (*end == 0)
		list[n++] = text;
	list[n++] = own.variable;
	list[n] = NULL;
	carried_channel_close_on_exec(false);
	return list;
}
