/*
 * A log directory and its writer, which makes one change of a name, a mode or a
 * content at a time, in the order in which rlog, multilog, s6-log and svlogd
 * make them (found with strace).  Every file holds one line, "line N" or, when
 * a processor has made it of that, "done N": N counts from 1.
 */
#ifndef ROTATING_WRITER_H
#define ROTATING_WRITER_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

enum change_kind {
	END,
	NEXT, /* another rotation begins before this one is over */
	RENAME,
	CREATE,
	WRITE,
	PROCESS,
	MARK,
	LINK,
	REMOVE
};

/*
 * A name that begins with "." is that of the archive of this rotation, with "-"
 * that of the one before.  PROCESS makes `from` of what was to be `to`.
 */
struct change {
	enum change_kind kind;
	const char *from, *to;
};

/* multilog and s6-log. */
static const struct change rotate_plain[] = {
    {RENAME, "current", "previous"},
    {CREATE, "current", ""},
    {WRITE, "current", ""},
    {MARK, "previous", ""},
    {LINK, "previous", ".s"},
    {REMOVE, "previous", ""},
    {END, "", ""},
};

/* The same with a processor. */
static const struct change rotate_processing[] = {
    {RENAME, "current", "previous"},
    {CREATE, "current", ""},
    {MARK, "previous", ""},
    {CREATE, "processed", ""},
    {WRITE, "current", ""},
    {PROCESS, "processed", ".s"},
    {MARK, "processed", ""},
    {REMOVE, "previous", ""},
    {LINK, "processed", ".s"},
    {REMOVE, "processed", ""},
    {END, "", ""},
};

/* rlog and svlogd. */
static const struct change rotate_svlogd[] = {
    {MARK, "current", ""},   {RENAME, "current", ".s"},
    {CREATE, "current", ""}, {WRITE, "current", ""},
    {END, "", ""},
};

/* svlogd with a processor. */
static const struct change rotate_svlogd_processing[] = {
    {MARK, "current", ""}, {RENAME, "current", ".u"}, {CREATE, "current", ""},
    {CREATE, ".t", ""},    {WRITE, "current", ""},    {PROCESS, ".t", ".s"},
    {RENAME, ".t", ".s"},  {MARK, ".s", ""},          {REMOVE, ".u", ""},
    {END, "", ""},
};

/* rlog with a processor. */
static const struct change rotate_rlog_processing[] = {
    {MARK, "current", ""},
    {RENAME, "current", ".u"},
    {CREATE, "current", ""},
    {CREATE, "processing", ""},
    {WRITE, "current", ""},
    {PROCESS, "processing", ".s"},
    {RENAME, "processing", ".u"},
    {RENAME, ".u", ".s"},
    {MARK, ".s", ""},
    {END, "", ""},
};

/*
 * The same, killed while it processes and started again: it processes the
 * archive that was left after that of the next rotation.
 */
static const struct change rotate_rlog_killed[] = {
    {RENAME, "current", ".u"},
    {CREATE, "current", ""},
    {WRITE, "current", ""},
    {NEXT, "", ""},
    {MARK, "current", ""},
    {RENAME, "current", ".u"},
    {CREATE, "current", ""},
    {CREATE, "processing", ""},
    {WRITE, "current", ""},
    {PROCESS, "processing", ".s"},
    {RENAME, "processing", ".u"},
    {RENAME, ".u", ".s"},
    {MARK, ".s", ""},
    {CREATE, "processing", ""},
    {PROCESS, "processing", "-.s"},
    {RENAME, "processing", "-.u"},
    {RENAME, "-.u", "-.s"},
    {MARK, "-.s", ""},
    {END, "", ""},
};

/* multilog is killed after it has renamed `current`, and started again. */
static const struct change rotate_killed[] = {
    {RENAME, "current", "previous"}, {CREATE, "current", ""},
    {WRITE, "current", ""},          {LINK, "previous", ".u"},
    {REMOVE, "previous", ""},        {END, "", ""},
};

/* svlogd is killed, and started again. */
static const struct change rotate_svlogd_killed[] = {
    {RENAME, "current", ".u"},
    {CREATE, "current", ""},
    {WRITE, "current", ""},
    {END, "", ""},
};

struct writer {
	const char *name;
	const struct change *changes;
	bool altering; /* the processor changes the text */
	unsigned keep; /* archives, or 0 */
	/* In use: */
	int directory;
	const struct change *next;
	unsigned rotations;       /* it makes */
	unsigned rotation;        /* archives the file with this number */
	unsigned written, pruned; /* the last line written, or removed */
};

enum { FIRST_SECOND = 0x69200000 };

static void archive_of(char name[64], unsigned n, const char *suffix)
{
	snprintf(name, 64, "@40000000%08x00000000%s", FIRST_SECOND + n, suffix);
}

static const char *name_of(const struct writer *w, const char *text,
			   char name[64])
{
	bool before = *text == '-';

	if (*text != '.' && !before)
		return text;
	archive_of(name, w->rotation - before, text + before);
	return name;
}

static void put_line(const struct writer *w, const char *name, const char *text,
		     unsigned n)
{
	int fd = openat(w->directory, name,
			O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	dprintf(fd, "@40000000%08x00000000 %s %u\n", FIRST_SECOND + n - 1, text,
		n);
	close(fd);
}

static void create_file(const struct writer *w, const char *name)
{
	close(openat(w->directory, name,
		     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
}

static void prune_archives(struct writer *w)
{
	char name[64];

	while (w->keep && w->rotation - w->pruned > w->keep) {
		w->pruned++;
		archive_of(name, w->pruned, ".s");
		unlinkat(w->directory, name, 0);
	}
}

static void remove_files(const char *path)
{
	DIR *scan = opendir(path);
	const struct dirent *entry;

	while ((entry = readdir(scan)))
		unlinkat(dirfd(scan), entry->d_name, 0);
	closedir(scan);
}

/* Removes all files, and makes one archive, a current and the lock. */
static void writer_begin(struct writer *w, const char *path)
{
	char name[64];

	remove_files(path);
	w->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	create_file(w, "lock");
	archive_of(name, 1, ".s");
	put_line(w, name, "line", 1);
	put_line(w, "current", "line", 2);
	w->rotation = w->written = 2;
	w->pruned = 0;
	w->next = w->changes;
}

static void writer_end(struct writer *w)
{
	close(w->directory);
}

/* Makes the next change, or none after the last rotation. */
static void writer_step(struct writer *w)
{
	const struct change *c = w->next++;
	char one[64], other[64];
	const char *from = name_of(w, c->from, one);
	const char *to = name_of(w, c->to, other);
	int done = 0;

	if (w->rotation > w->rotations) {
		w->next--;
		return;
	}
	switch (c->kind) {
	case RENAME:
		done = renameat(w->directory, from, w->directory, to);
		break;
	case CREATE: create_file(w, from); break;
	case WRITE: put_line(w, from, "line", ++w->written); break;
	case PROCESS:
		put_line(w, from, w->altering ? "done" : "line",
			 w->rotation - (*c->to == '-'));
		break;
	case MARK: done = fchmodat(w->directory, from, 0744, 0); break;
	case LINK:
		done = linkat(w->directory, from, w->directory, to, 0);
		break;
	case REMOVE: done = unlinkat(w->directory, from, 0); break;
	case NEXT: w->rotation++; break;
	case END: break;
	}
	if (done < 0)
		abort();
	if (w->next->kind == END) {
		prune_archives(w);
		w->rotation++;
		w->next = w->changes;
	}
}

#endif
