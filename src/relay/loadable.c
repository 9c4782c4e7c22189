/*
 * Reads the data by which the kernel decides: the mode and the capabilities of
 * the file, and the beginning of an ELF file (see elf(5)).  Tested by
 * tests/sh/recio-preload.t.
 */
#include "relay/loadable.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/xattr.h>

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

enum loadable loadable_program(const char *program)
{
	char path[PATH_MAX];

	return find_program(path, program) ? classify_file(path, false)
					   : LOADABLE;
}
