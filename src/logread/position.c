/*
 * Positions in logs, and the file that keeps them.  That file is text:
 *
 *   rlog cursor 1
 *   HEAD TAIL OFFSET LABEL DIRECTORY
 *
 * HEAD and TAIL are hashes in hexadecimal.  LABEL is that of the last line
 * before the position, or "-".  In DIRECTORY control bytes and backslashes are
 * escaped as in records.5.  A file with any other line is refused as a whole,
 * so that a wrong argument overwrites nobody's file.
 */
#include "logread/position.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/hash.h"
#include "logdir/replace.h"

enum {
	FIELDS_MAX = 192, /* bytes before DIRECTORY */
	NAME_MAX_LEN = 4 * PATH_MAX,
	LINE_MAX_LEN = FIELDS_MAX + NAME_MAX_LEN + 2
};

static const char title[] = "rlog cursor 1\n";

size_t position_length(uint64_t offset, size_t most)
{
	return offset < most ? (size_t)offset : most;
}

static uint64_t hash_head(uint64_t offset, const char *head)
{
	return hash_fnv(HASH_FNV, head, position_length(offset, POSITION_HEAD));
}

void position_set(struct position *position, uint64_t offset, const char *head,
		  const char *end, const struct tain_s *last)
{
	size_t tail = position_length(offset, POSITION_TAIL);

	*position = (struct position){
	    .offset = offset,
	    .head = hash_head(offset, head),
	    .tail = hash_fnv(HASH_FNV, end - tail, tail),
	    .labelled = last,
	};
	if (last)
		position->last = *last;
}

bool position_has_head(const struct position *position, const char *head)
{
	return hash_head(position->offset, head) == position->head;
}

bool position_is_same(const struct position *position,
		      const struct position *other)
{
	return position->head == other->head && position->tail == other->tail;
}

/* Parses the fields before DIRECTORY.  Returns their length, 0 if wrong. */
static size_t parse_fields(struct position *position, const char *line)
{
	char last[LABEL_LEN + 1];
	int used = 0;

	*position = (struct position){0};
	if (sscanf(line, "%16" SCNx64 " %16" SCNx64 " %20" SCNu64 " %25s%n",
		   &position->head, &position->tail, &position->offset, last,
		   &used) != 4)
		return 0;
	position->labelled = label_parse(&position->last, last, strlen(last));
	if (!position->labelled && strcmp(last, "-") != 0)
		return 0;
	return (size_t)used;
}

size_t position_format(char text[POSITION_TEXT],
		       const struct position *position)
{
	char last[LABEL_LEN + 1] = "-";

	if (position->labelled) {
		label_format(last, &position->last);
		last[LABEL_LEN] = 0;
	}
	return (size_t)snprintf(
	    text, POSITION_TEXT, "%016" PRIx64 " %016" PRIx64 " %" PRIu64 " %s",
	    position->head, position->tail, position->offset, last);
}

bool position_parse(struct position *position, const char *text)
{
	char again[POSITION_TEXT];

	if (!parse_fields(position, text))
		return false;
	position_format(again, position);
	return strcmp(again, text) == 0;
}

static void escape_directory(char name[NAME_MAX_LEN + 1], const char *directory)
{
	size_t used;

	name[escape_text(name, NAME_MAX_LEN, directory, strlen(directory),
			 &used)] = 0;
}

/* Stores the position of a line.  Returns false if the line is wrong. */
static bool load_line(char *line, struct position_entry *entries, size_t n)
{
	char name[NAME_MAX_LEN + 1], *newline = strchr(line, '\n');
	struct position position;
	size_t used = parse_fields(&position, line);

	if (!newline || !used || line[used] != ' ')
		return false;
	*newline = 0;
	for (size_t i = 0; i < n; i++) {
		escape_directory(name, entries[i].directory);
		if (strcmp(name, line + used + 1) != 0)
			continue;
		entries[i].position = position;
		entries[i].known = true;
	}
	return true;
}

static int load_lines(FILE *in, struct position_entry *entries, size_t n)
{
	char line[LINE_MAX_LEN];
	bool good = true;

	if (fgets(line, sizeof line, in))
		good = strcmp(line, title) == 0;
	while (good && fgets(line, sizeof line, in))
		good = load_line(line, entries, n);
	if (good && !ferror(in))
		return 0;
	if (!good)
		errno = EINVAL;
	return -1;
}

int position_load(const char *file, struct position_entry *entries, size_t n)
{
	FILE *in = fopen(file, "re");
	int r, error;

	if (!in)
		return errno == ENOENT ? 0 : -1;
	r = load_lines(in, entries, n);
	error = errno;
	fclose(in);
	errno = error;
	return r;
}

static bool save_entry(int fd, const struct position_entry *entry)
{
	char name[NAME_MAX_LEN + 1], text[POSITION_TEXT];

	position_format(text, &entry->position);
	escape_directory(name, entry->directory);
	return dprintf(fd, "%s %s\n", text, name) >= 0;
}

static bool save_entries(int fd, const struct position_entry *entries, size_t n)
{
	if (dprintf(fd, "%s", title) < 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (entries[i].known && !save_entry(fd, &entries[i]))
			return false;
	return true;
}

int position_save(const char *file, const struct position_entry *entries,
		  size_t n)
{
	struct replace replace;

	if (replace_open(&replace, AT_FDCWD, file, 0666) < 0)
		return -1;
	return replace_end(&replace, save_entries(replace.fd, entries, n),
			   true);
}

/* Writes the name of staged positions; false if it is too long. */
static bool name_staged(char next[PATH_MAX], const char *file)
{
	int len = snprintf(next, PATH_MAX, "%s.next", file);

	errno = ENAMETOOLONG;
	return len >= 0 && len < PATH_MAX;
}

/* Hashes all bytes of a file.  Returns 0, or -1 with errno. */
static int hash_file(const char *file, uint64_t *hash)
{
	FILE *in = fopen(file, "re");
	char buf[4096];
	size_t n;
	int error;

	if (!in)
		return -1;
	*hash = HASH_FNV;
	while ((n = fread(buf, 1, sizeof buf, in)) > 0)
		*hash = hash_fnv(*hash, buf, n);
	error = ferror(in) ? EIO : 0;
	fclose(in);
	errno = error;
	return error ? -1 : 0;
}

int position_stage(const char *file, const struct position_entry *entries,
		   size_t n, uint64_t *hash)
{
	char next[PATH_MAX];

	if (!name_staged(next, file) || position_save(next, entries, n) < 0)
		return -1;
	return hash_file(next, hash);
}

int position_commit(const char *file)
{
	char next[PATH_MAX];

	return name_staged(next, file)
		   ? renameat(AT_FDCWD, next, AT_FDCWD, file)
		   : -1;
}

int position_recover(const char *file, uint64_t hash)
{
	char next[PATH_MAX];
	uint64_t staged;

	if (!name_staged(next, file))
		return -1;
	if (hash_file(next, &staged) < 0)
		return errno == ENOENT ? 0 : -1;
	return staged == hash ? renameat(AT_FDCWD, next, AT_FDCWD, file) : 0;
}
