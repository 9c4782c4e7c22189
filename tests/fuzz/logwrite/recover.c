/*
 * A log directory in any state: files of the names that matter, made as the
 * bytes say, of any content, mode and kind.  It is opened or refused; nothing
 * is lost that was there, nothing outside is touched, and what one opening has
 * put in order is in order for the next.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/tai.h>

#include <sys/stat.h>

#include "logwrite/logdir.h"
#include "logwrite/recover.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES = 16, CONTENT = 24, PATH = 512 };

static const char *const names[] = {
    "current",
    "previous",
    "processed",
    "newstate",
    "state",
    "lock",
    "@400000005fffffff00000000.s",
    "@400000005fffffff00000000.u",
    "@400000006fffffff00000001.s",
    "@4000000070000000ffffffff.u",
    "@ffffffffffffffffffffffff.s",
    "@zzz",
    "intake",
    "notes",
    "@400000005fffffff00000000.t",
    "processing",
    "nextstate",
};
enum { NAMES = sizeof names / sizeof *names };
/* They have the same label. */
enum { SVLOGD_S = 6, SVLOGD_U = 7, SVLOGD_T = 14 };

enum kind { PLAIN, CLEAN, SECRET, LINK, FIFO, DIRECTORY, SAME, KINDS };

struct file {
	const char *name;
	enum kind kind;
	int made; /* and must be there in the end, if it is kept */
	char content[CONTENT];
};

/* Where all happens; not the working directory, in which libFuzzer has names.
 */
static char base[] = "/dev/shm/recio-fuzz.XXXXXX";
static char directory[PATH], outside[PATH];

static void tell(const struct event *event)
{
	(void)event;
}

static void check_at(int right, int line)
{
	if (right)
		return;
	fprintf(stderr, "line %d does not hold\n", line);
	abort();
}

#define check(right) check_at(right, __LINE__)

static void clean_up(void)
{
	unlink(outside);
	rmdir(base);
}

static void begin(void)
{
	static int begun;

	if (begun)
		return;
	begun = 1;
	check(mkdtemp(base) != NULL);
	snprintf(directory, sizeof directory, "%s/d", base);
	snprintf(outside, sizeof outside, "%s/outside", base);
	atexit(clean_up);
}

static void path_of(char *path, const char *file)
{
	check(snprintf(path, PATH, "%s/%s", directory, file) < PATH);
}

static int look(const char *file, struct stat *st)
{
	char path[PATH];

	path_of(path, file);
	return lstat(path, st);
}

/* 0 if there is something of that name already. */
static int put(const char *path, const char *content, mode_t mode)
{
	FILE *file = fopen(path, "wx");

	if (!file)
		return 0;
	fputs(content, file);
	check(fchmod(fileno(file), mode) == 0);
	fclose(file);
	return 1;
}

static void make(struct file *file)
{
	char path[PATH];

	path_of(path, file->name);
	switch (file->kind) {
	case PLAIN: file->made = put(path, file->content, 0644); break;
	case CLEAN: file->made = put(path, file->content, 0744); break;
	case SECRET: put(path, file->content, 0); break;
	case LINK:
		check(symlink("../outside", path) == 0 || errno == EEXIST);
		break;
	case FIFO: check(mkfifo(path, 0644) == 0 || errno == EEXIST); break;
	case DIRECTORY: check(mkdir(path, 0755) == 0 || errno == EEXIST); break;
	case SAME: /* the file before has this name too */
	case KINDS: break;
	}
}

/* Reads the files out of the bytes: how many. */
static size_t read_files(struct file *files, const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	char path[PATH], before[PATH];
	size_t n = 0, len, i;

	path_of(before, "current");
	for (; n < FILES && end - data >= 3; n++) {
		files[n].name = names[data[0] % NAMES];
		files[n].kind = data[1] % KINDS;
		len = data[2] % CONTENT;
		files[n].made = 0;
		data += 3;
		if (len > (size_t)(end - data))
			len = (size_t)(end - data);
		for (i = 0; i < len; i++)
			files[n].content[i] = "abcdefg\n"[data[i] % 8];
		files[n].content[len] = 0;
		data += len;
		path_of(path, files[n].name);
		if (files[n].kind == SAME)
			(void)!link(before, path);
		else
			make(&files[n]);
		strcpy(before, path);
	}
	return n;
}

/* How many regular files hold exactly this; and removes all, if asked to. */
static int holding(const char *content, int removing)
{
	char path[PATH], got[CONTENT + 1];
	struct dirent *entry;
	DIR *scan = opendir(directory);
	struct stat st;
	int n = 0, fd;
	ssize_t r;

	check(scan != NULL);
	while ((entry = readdir(scan))) {
		path_of(path, entry->d_name);
		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode)) {
			fd = open(path, O_RDONLY);
			r = fd < 0 ? 0 : read(fd, got, CONTENT);
			got[r > 0 ? r : 0] = 0;
			n += fd >= 0 && strcmp(got, content) == 0;
			close(fd);
		}
		if (removing && *entry->d_name && strcmp(entry->d_name, ".") &&
		    strcmp(entry->d_name, ".."))
			check(unlink(path) == 0 || rmdir(path) == 0);
	}
	closedir(scan);
	return n;
}

/* May it have been a regular file, with u+x if it has to be clean? */
static int was_made(const struct file *files, size_t n, const char *name,
		    int clean)
{
	for (; n; n--, files++)
		if (strcmp(files->name, name) == 0 &&
		    (files->kind == CLEAN || files->kind == SAME ||
		     (!clean && files->kind <= SECRET)))
			return 1;
	return 0;
}

/*
 * What may go: results of a processor that was not done, or its input.  Of
 * svlogd's processor these are archives that share their labels.
 */
static int kept(const struct file *files, size_t n, const char *name)
{
	const char *twin = names[SVLOGD_S];

	if (strcmp(name, names[SVLOGD_U]) == 0)
		return !was_made(files, n, twin, 0) ||
		       !was_made(files, n, name, 1);
	if (strcmp(name, names[SVLOGD_T]) == 0)
		return !was_made(files, n, twin, 0) &&
		       !was_made(files, n, names[SVLOGD_U], 0);
	return strcmp(name, "current") == 0 || *name == '@' ||
	       strcmp(name, "notes") == 0;
}

/* 1, or 0 if it is refused. */
static int open_log(struct logdir *d, const struct settings *settings)
{
	int r = logdir_open(d, directory, settings, tell);

	if (r == 0) {
		r = recover_start(d);
		if (r < 0)
			logdir_abandon(d);
	}
	check(r == 0 || (d->failure.verb && d->fd < 0));
	return r == 0;
}

static void put_in_order(struct logdir *d, const struct settings *settings)
{
	struct stat st;

	check(look("previous", &st) < 0 && look("processed", &st) < 0);
	check(look("processing", &st) < 0);
	check(look("current", &st) == 0 && S_ISREG(st.st_mode));
	check(d->bytes == (uint64_t)st.st_size);
	check(logdir_close(d) == 0);
	check(open_log(d, settings));
	check(d->bytes == (uint64_t)st.st_size);
	logdir_abandon(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file files[FILES];
	struct settings settings;
	struct logdir *d = malloc(sizeof *d);
	struct stat st;
	size_t n, i;

	script_defaults(&settings);
	settings.number = 1000;
	begin();
	check(d != NULL);
	check(mkdir(directory, 0700) == 0);
	put(outside, "outside", 0644);
	n = read_files(files, data, size);
	if (open_log(d, &settings))
		put_in_order(d, &settings);
	for (i = 0; i < n; i++)
		if (kept(files, n, files[i].name) && files[i].made)
			check(holding(files[i].content, 0) > 0);
	check(stat(outside, &st) == 0 && st.st_size == 7 &&
	      (st.st_mode & 07777) == 0644 && st.st_nlink == 1);
	holding("", 1);
	check(rmdir(directory) == 0);
	free(d);
	return 0;
}
