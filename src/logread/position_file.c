/* The file that remembers places; see position_file.h. */
#include "logread/position_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "logdir/replace.h"

enum {
	LINE_MAX_LEN = POSITION_TEXT + 4 * PATH_MAX + 2,
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
static bool take_line(char *line, struct position_file_entry *entries, size_t n)
{
	char name[NAME_MAX_LEN + 1], *newline = strchr(line, '\n');
	struct position place;
	size_t used = position_scan(&place, line);

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

static int load(FILE *in, struct position_file_entry *entries, size_t n)
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

int position_file_load(const char *file, struct position_file_entry *entries,
		       size_t n)
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

static bool write_entries(int fd, const struct position_file_entry *entries,
			  size_t n)
{
	char name[NAME_MAX_LEN + 1], text[POSITION_TEXT];

	if (dprintf(fd, "%s", title) < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!entries[i].known)
			continue;
		position_format(text, &entries[i].place);
		escaped(name, entries[i].directory);
		if (dprintf(fd, "%s %s\n", text, name) < 0)
			return false;
	}
	return true;
}

int position_file_save(const char *file,
		       const struct position_file_entry *entries, size_t n)
{
	struct replace r;

	if (replace_open(&r, AT_FDCWD, file, 0666) < 0)
		return -1;
	return replace_end(&r, write_entries(r.fd, entries, n), true);
}
