/* The file that remembers places; see cursor.h. */
#include "cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "escape.h"

enum {
	LINE_MAX_LEN = PLACE_TEXT + 4 * PATH_MAX + 2,
	NAME_MAX_LEN = 4 * PATH_MAX
};

static const char title[] = "rlog cursor 1\n";

static void escaped(char *out, const char *directory)
{
	size_t used;

	out[escape_text(out, NAME_MAX_LEN, directory, strlen(directory),
			&used)] = 0;
}

/* False if the line is none of a cursor. */
static bool take_line(char *line, struct cursor_entry *entries, size_t n)
{
	char name[NAME_MAX_LEN + 1], *newline = strchr(line, '\n');
	struct place place;
	size_t used = place_scan(&place, line);

	if (!newline || !used || line[used] != ' ')
		return false;
	*newline = 0;
	for (size_t i = 0; i < n; i++) {
		escaped(name, entries[i].directory);
		if (strcmp(name, line + used + 1) == 0) {
			entries[i].place = place;
			entries[i].known = true;
		}
	}
	return true;
}

static int load(FILE *in, struct cursor_entry *entries, size_t n)
{
	char line[LINE_MAX_LEN];
	bool good = true;

	if (fgets(line, sizeof line, in))
		good = strcmp(line, title) == 0;
	while (good && fgets(line, sizeof line, in))
		good = take_line(line, entries, n);
	if (good && !ferror(in))
		return 0;
	if (good)
		return -1;
	errno = EINVAL;
	return -1;
}

int cursor_load(const char *file, struct cursor_entry *entries, size_t n)
{
	FILE *in = fopen(file, "re");
	int r, error;

	if (!in)
		return errno == ENOENT ? 0 : -1;
	r = load(in, entries, n);
	error = errno;
	fclose(in);
	errno = error;
	return r;
}

static void write_entries(FILE *out, const struct cursor_entry *entries,
			  size_t n)
{
	char name[NAME_MAX_LEN + 1], text[PLACE_TEXT];

	fputs(title, out);
	for (size_t i = 0; i < n; i++) {
		if (!entries[i].known)
			continue;
		place_format(text, &entries[i].place);
		escaped(name, entries[i].directory);
		fprintf(out, "%s %s\n", text, name);
	}
}

/* So that the rename is on the disk; where that can't be, it is not. */
static void sync_directory(const char *file)
{
	char path[PATH_MAX];
	int fd;

	if (strlen(file) >= sizeof path)
		return;
	strcpy(path, file);
	fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

int cursor_save(const char *file, const struct cursor_entry *entries, size_t n)
{
	char new[PATH_MAX];
	FILE *out = NULL;
	bool bad;
	int error, fd;

	if (snprintf(new, sizeof new, "%s.new", file) >= (int)sizeof new) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		  0666);
	if (fd >= 0)
		out = fdopen(fd, "w");
	if (!out)
		return -1;
	write_entries(out, entries, n);
	errno = 0;
	bad = fflush(out) != 0 || ferror(out) || fsync(fileno(out)) < 0;
	error = errno ? errno : EIO;
	bad = fclose(out) != 0 || bad;
	if (!bad && rename(new, file) == 0) {
		sync_directory(file);
		return 0;
	}
	if (!bad)
		error = errno;
	unlink(new);
	errno = error;
	return -1;
}
