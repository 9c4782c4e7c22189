/*
 * recio is often started by root, so the object that it preloads must be as
 * safe as its own file.  A user with write access to a directory above our own
 * program controls us already.  All others, the companion's file and the
 * directories above it, must belong to root or to the owner of our own program,
 * and no other user may write to them, except for directories with the sticky
 * bit (/tmp) and for the group that may write to the directory of our own
 * program.
 *
 * Whether the dynamic linker of a program obeys LD_PRELOAD is told by the data
 * by which the kernel decides: the mode and the capabilities of the file, and
 * the beginning of an ELF file (see elf(5)).
 *
 * Of a running program the kernel tells these data as it has used them, in the
 * auxiliary vector (see getauxval(3)).
 *
 * In this order: the facts, the program, the companion's file, the environment,
 * the running program.
 * Tested by tests/sh/recio-preload.t.
 */
#include "relay/preload.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "base/companion.h"

static int ask_fact(int fd, enum fact_name name, void *value, socklen_t *len)
{
	const struct socket_option *asks = &socket_facts_options[name];

	switch (name) {
	case FACT_PEER_NAME: return getpeername(fd, value, len);
	case FACT_OWN_NAME: return getsockname(fd, value, len);
	default: return getsockopt(fd, asks->level, asks->option, value, len);
	}
}

bool preload_ask(struct socket_facts *facts, int fd, int inside)
{
	memset(facts, 0, sizeof *facts);
	for (int f = 0; f < FACTS; f++) {
		struct fact *fact = &facts->fact[f];

		fact->len = sizeof fact->value;
		if (ask_fact(fd, f, fact->value, &fact->len) < 0)
			fact->error = errno == ERANGE ? ENOPROTOOPT : errno;
		else if (fact->len > sizeof fact->value)
			fact->error = ENOPROTOOPT;
	}
	return facts->fact[FACT_OWN_NAME].error == 0 &&
	       socket_facts_bind(facts, inside) == 0;
}

/* Whether the dynamic linker of a program obeys LD_PRELOAD. */
enum loadable {
	LOADABLE,
	LOADABLE_STATIC,     /* it has no dynamic linker */
	LOADABLE_PRIVILEGED, /* its linker ignores LD_PRELOAD */
	LOADABLE_FOREIGN,    /* its words have another size than ours */
};

enum {
	HEAD_SIZE = 4096,
	ELF_CLASS = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32,
};

struct file_head {
	size_t len;
	unsigned char bytes[HEAD_SIZE];
};

static bool is_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0;
}

/* Finds the file that execvp would run. */
static bool find_program(char path[PATH_MAX], const char *program)
{
	const char *dirs = getenv("PATH");

	if (strchr(program, '/'))
		return snprintf(path, PATH_MAX, "%s", program) < PATH_MAX;
	for (dirs = dirs ? dirs : "/bin:/usr/bin"; dirs;) {
		size_t len = strcspn(dirs, ":");

		if (snprintf(path, PATH_MAX, "%.*s%s%s", (int)len, dirs,
			     len ? "/" : "", program) < PATH_MAX &&
		    is_executable(path))
			return true;
		dirs = dirs[len] ? dirs + len + 1 : NULL;
	}
	return false;
}

/* Compares the effective and the real IDs as the kernel does after exec. */
static bool is_privileged(int fd)
{
	struct stat st;
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (fstat(fd, &st) < 0)
		return false;
	if (st.st_mode & S_ISUID)
		uid = st.st_uid;
	if ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP))
		gid = st.st_gid;
	return uid != getuid() || gid != getgid() ||
	       (getuid() != 0 &&
		fgetxattr(fd, "security.capability", NULL, 0) > 0);
}

/* True also if the table is not within the head. */
static bool has_interpreter(const struct file_head *head)
{
	ElfW(Ehdr) elf;
	uint32_t type; /* the first member of a segment's header */

	memcpy(&elf, head->bytes, sizeof elf);
	for (size_t i = 0; i < elf.e_phnum; i++) {
		size_t at = elf.e_phoff + i * elf.e_phentsize;

		if (at > head->len - sizeof type)
			return true;
		memcpy(&type, head->bytes + at, sizeof type);
		if (type == PT_INTERP)
			return true;
	}
	return false;
}

static enum loadable classify_elf(const struct file_head *head)
{
	if (head->bytes[EI_CLASS] != ELF_CLASS)
		return LOADABLE_FOREIGN;
	return has_interpreter(head) ? LOADABLE : LOADABLE_STATIC;
}

/* The interpreter that a script names in its first line, or NULL. */
static const char *script_interpreter(struct file_head *head)
{
	char *text = (char *)head->bytes;

	if (strncmp(text, "#!", 2) != 0)
		return NULL;
	text += 2 + strspn(text + 2, " \t");
	text[strcspn(text, " \t\r\n")] = 0;
	return *text ? text : NULL;
}

/* Reads the first bytes of the file, and appends a NUL. */
static bool read_head(struct file_head *head, int fd)
{
	ssize_t n = read(fd, head->bytes, sizeof head->bytes - 1);

	head->len = n > 0 ? (size_t)n : 0;
	head->bytes[head->len] = 0;
	return n > 0;
}

/* Follows one level of scripts; the kernel allows more. */
static enum loadable classify_file(const char *path, bool script)
{
	struct file_head head;
	const char *interpreter;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool privileged = fd >= 0 && is_privileged(fd);
	bool known = fd >= 0 && read_head(&head, fd);

	if (fd >= 0)
		close(fd);
	interpreter = known && !script ? script_interpreter(&head) : NULL;
	if (interpreter)
		return classify_file(interpreter, true);
	if (privileged)
		return LOADABLE_PRIVILEGED;
	if (!known || head.len < sizeof(ElfW(Ehdr)) ||
	    memcmp(head.bytes, ELFMAG, SELFMAG) != 0)
		return LOADABLE;
	return classify_elf(&head);
}

/*
 * Classifies the file that execvp would run, or the interpreter of a script.
 * A file that can't be found or read counts as LOADABLE.
 */
static enum loadable classify_program(const char *program)
{
	char path[PATH_MAX];

	return find_program(path, program) ? classify_file(path, false)
					   : LOADABLE;
}

/* Our own program: its owner, and its directory with mode and group. */
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

/* path is absolute and without links, from realpath. */
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

/* Looks at the installed place, the build directory, and LIBDIR. */
static bool find_companion(char path[PATH_MAX], const struct own *own,
			   const char *file)
{
	char name[PATH_MAX + sizeof LIBDIR "../lib/recio/" COMPANION_TLS_FILE];

	if (*own->dir) {
		sprintf(name, "%s../lib/recio/%s", own->dir, file);
		if (realpath(name, path))
			return true;
		sprintf(name, "%s%s", own->dir, file);
		if (realpath(name, path))
			return true;
	}
	sprintf(name, LIBDIR "/%s", file);
	return realpath(name, path);
}

static void set_failure(struct preload *preload, enum preload_state state,
			const char *what, const char *why)
{
	preload->state = state;
	snprintf(preload->why, sizeof preload->why, "%.400s%s", what, why);
}

#define KIND_STATIC "linked statically"
#define KIND_PRIVILEGED "setuid, setgid or has capabilities"

static void set_program_kind(struct preload *preload, enum preload_state state,
			     const char *kind)
{
	preload->kind = kind;
	set_failure(preload, state, "it is ", kind);
}

static bool set_environment(const char *path, const struct socket_facts *facts,
			    size_t n, const struct clear_channel *channel)
{
	char text[PATH_MAX + 2 * (SOCKET_FACTS_TEXT + 1) + CLEAR_CHANNEL_TEXT +
		  1];
	const char *old = getenv("LD_PRELOAD");
	char *list = malloc(strlen(path) + (old ? strlen(old) : 0) + 2);
	size_t len = (size_t)sprintf(text, "%s", path);
	bool set;

	if (channel) {
		text[len++] = ' ';
		len += clear_channel_write(text + len, channel);
	}
	for (size_t i = 0; i < n; i++) {
		text[len++] = ' ';
		len += socket_facts_write(text + len, &facts[i]);
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
 * True if the environment is to be set.  A static program passes it on to the
 * next one in the chain.
 */
static bool is_useful(struct preload *preload, const char *program)
{
	switch (classify_program(program)) {
	case LOADABLE: preload->state = PRELOAD_DONE; return true;
	case LOADABLE_STATIC:
		set_program_kind(preload, PRELOAD_IMPOSSIBLE, KIND_STATIC);
		return true;
	case LOADABLE_FOREIGN:
		set_program_kind(preload, PRELOAD_IMPOSSIBLE,
				 "for another kind of processor");
		return false;
	case LOADABLE_PRIVILEGED:
		set_program_kind(preload, PRELOAD_REFUSED, KIND_PRIVILEGED);
		return false;
	}
	return false;
}

/* Finds the companion's file. Returns false if it can't be used. */
static bool find_trusted(struct preload *preload, char path[PATH_MAX],
			 const char *file)
{
	struct own own = {.dir = ""};

	if (!find_own(&own))
		own = (struct own){.dir = ""};
	/* The linker splits LD_PRELOAD at these characters, and expands "$". */
	if (!find_companion(path, &own, file)) {
		snprintf(path, PATH_MAX, LIBDIR "/%s: ", file);
		set_failure(preload, PRELOAD_BROKEN, path, strerror(errno));
	} else if (path[strcspn(path, " \t\n:;$")]) {
		set_failure(preload, PRELOAD_BROKEN, path,
			    ": the linker takes no such name");
	} else if (!is_trusted(path, &own)) {
		set_failure(preload, PRELOAD_BROKEN, path,
			    ": others than its owner could change it");
	} else {
		return true;
	}
	return false;
}

void preload_companion(struct preload *preload, const char *program,
		       const struct socket_facts *facts, size_t n,
		       const struct clear_channel *channel)
{
	char path[PATH_MAX];
	bool useful;

	preload->has_peer = n > 0;
	if (n == 0 && !channel)
		return;
	useful = is_useful(preload, program);
	if (!useful && !channel)
		return;
	if (!find_trusted(preload, path,
			  channel ? COMPANION_TLS_FILE : COMPANION_FILE) ||
	    !useful)
		return;
	preload->is_passed = set_environment(path, facts, n, channel);
	if (!preload->is_passed)
		set_failure(preload, PRELOAD_BROKEN, path, ": no memory");
}

/* Reads a file of a process's directory. Returns its size, 0 if it can't. */
static size_t read_process_file(pid_t pid, const char *name, void *to,
				size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, to, size);
	close(fd);
	return n > 0 ? (size_t)n : 0;
}

/* Returns the value of a type, or -1 if there is none. */
static long find_auxiliary(const ElfW(auxv_t) * vector, size_t n,
			   unsigned long type)
{
	for (size_t i = 0; i < n; i++)
		if (vector[i].a_type == type)
			return (long)vector[i].a_un.a_val;
	return -1;
}

bool preload_examine(char why[PRELOAD_WHY], pid_t pid)
{
	ElfW(auxv_t) vector[64];
	char link[64], path[PRELOAD_WHY - sizeof KIND_PRIVILEGED - 4];
	size_t size = read_process_file(pid, "auxv", vector, sizeof vector);
	size_t n = size / sizeof *vector;
	const char *kind = NULL;
	ssize_t len;

	/* The words of another kind of processor have another size. */
	if (find_auxiliary(vector, n, AT_PAGESZ) != sysconf(_SC_PAGESIZE))
		return false;
	if (find_auxiliary(vector, n, AT_SECURE) > 0)
		kind = KIND_PRIVILEGED;
	else if (find_auxiliary(vector, n, AT_BASE) == 0)
		kind = KIND_STATIC;
	snprintf(link, sizeof link, "/proc/%ld/exe", (long)pid);
	len = kind ? readlink(link, path, sizeof path - 1) : -1;
	if (len <= 0)
		return false;
	path[len] = 0;
	snprintf(why, PRELOAD_WHY, "%s is %s", path, kind);
	return true;
}
