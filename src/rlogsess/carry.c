/*
 * States of open groups.  A state ends with a line of its own, so that a part
 * of one is never taken for a whole one; each group says how many lines follow,
 * so that lines of a log may look like those of the state.  A state names the
 * sources if there are several; one that does not is read with a single source,
 * whatever its name, since nothing says of which of several it would be.
 */
#include "rlogsess/carry.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>

#include "base/escape.h"
#include "base/output.h"
#include "logdir/replace.h"

#define LABELS_LEAP "labels leap"

enum { SOURCE_ROOM = 4 * PATH_MAX + 1 };

/* A state that is read line by line. */
struct state_reader {
	FILE *file;
	char *line;
	size_t room, len;
	const struct carry_lines *own;
};

static bool read_state_line(struct state_reader *reader)
{
	ssize_t n = getline(&reader->line, &reader->room, reader->file);

	reader->len = n > 0 ? (size_t)n : 0;
	if (!reader->len || reader->line[reader->len - 1] != '\n')
		return false;
	reader->line[--reader->len] = 0;
	return true;
}

/* Opens the group whose first line was read. */
static bool load_group(struct grouper *grouper, struct state_reader *reader)
{
	uint64_t key, number, lines, left_out;

	if (sscanf(reader->line,
		   "= %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64, &key,
		   &number, &lines, &left_out) != 4 ||
	    number == 0 || lines == 0)
		return false;
	grouper_restore(grouper, number);
	for (; lines; lines--)
		if (!read_state_line(reader) ||
		    grouper_line(grouper, reader->line, reader->len) < 0)
			return false;
	return grouper_restored(grouper, key, number, left_out);
}

static void escape_source(char name[SOURCE_ROOM], const char *source)
{
	size_t used;

	name[escape_text(name, SOURCE_ROOM - 1, source, strlen(source),
			 &used)] = 0;
}

/*
 * Chooses the source of this name that has no groups yet, since a name can be
 * given twice.  Returns false with errno set if there is none.
 */
static bool choose_source(struct grouper *grouper, const char *name)
{
	char own[SOURCE_ROOM];

	for (size_t i = 0; i < grouper->count; i++) {
		const struct group_table *table = &grouper->logs[i].table;

		escape_source(own, table->source ? table->source : "");
		if (table->count || strcmp(own, name) != 0)
			continue;
		grouper_choose_log(grouper, i);
		return true;
	}
	errno = EXDEV;
	return false;
}

/* Takes a line of the program itself. */
static bool pass_own_line(const struct state_reader *reader)
{
	return reader->own->load(
	    reader->own->ctx,
	    (struct slice){reader->line + 2, reader->len - 2});
}

/* Loads the groups of all sources after the title; named: it names them. */
static bool load_sources(struct grouper *grouper, struct state_reader *reader,
			 bool named)
{
	bool chosen = !named;

	while (read_state_line(reader)) {
		if (strcmp(reader->line, "end") == 0)
			return true;
		if (strncmp(reader->line, "+ ", 2) == 0) {
			if (!pass_own_line(reader))
				return false;
			continue;
		}
		if (chosen && strcmp(reader->line, LABELS_LEAP) == 0) {
			grouper_set_stamps(grouper, LABEL_LEAP,
					   (struct stamp_span){0});
			continue;
		}
		if (named && strncmp(reader->line, "source ", 7) == 0) {
			if (!choose_source(grouper, reader->line + 7))
				return false;
			chosen = true;
			continue;
		}
		if (!chosen || !load_group(grouper, reader))
			return false;
		if (!named && grouper->count > 1) {
			errno = EXDEV;
			return false;
		}
	}
	return false;
}

static bool load_state_text(struct grouper *grouper,
			    struct state_reader *reader)
{
	char name[16];
	uint64_t number;
	unsigned int version;
	int end = 0;

	if (!read_state_line(reader))
		return reader->len == 0 && feof(reader->file) &&
		       !ferror(reader->file);
	if (sscanf(reader->line, "rlogsess state %1u %15s %" SCNu64 "%n",
		   &version, name, &number, &end) != 3 ||
	    end != (int)reader->len ||
	    strcmp(name, grouper->grouping->name) != 0 || version < 1 ||
	    version > 2)
		return false;
	if (!load_sources(grouper, reader, version == 2))
		return false;
	grouper_choose_log(grouper, 0);
	grouper_resume(grouper, number);
	return true;
}

int carry_load(struct grouper *grouper, const struct carry_lines *own, int fd)
{
	struct state_reader reader = {.own = own};
	bool ok;

	reader.file = fdopen(dup(fd), "r");
	if (!reader.file)
		return -1;
	errno = 0;
	ok = load_state_text(grouper, &reader);
	if (!ok && errno != EXDEV && (errno == 0 || !ferror(reader.file)))
		errno = EINVAL;
	free(reader.line);
	fclose(reader.file);
	return ok ? 0 : -1;
}

struct state_writer {
	struct output *output;
	struct line_spool_store *store;
};

static int save_lines(void *ctx, const char *lines, size_t len)
{
	struct state_writer *writer = ctx;

	output_bytes(writer->output, lines, len);
	return 0;
}

static int save_group(void *ctx, const struct group *group)
{
	struct state_writer *writer = ctx;
	char text[128];

	snprintf(text, sizeof text,
		 "= %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		 group->key, group->number, group->lines - group->held.left_out,
		 group->held.left_out);
	output_string(writer->output, text);
	return line_spool_each(writer->store, &group->held, save_lines, writer);
}

static void write_state_title(struct output *output,
			      const struct grouper *grouper)
{
	output_string(output, "rlogsess state ");
	output_number(output, grouper->count > 1 ? 2 : 1);
	output_string(output, " ");
	output_string(output, grouper->grouping->name);
	output_string(output, " ");
	output_number(output, grouper->number);
	output_string(output, "\n");
}

static void write_source_name(struct output *output, const char *source)
{
	char name[SOURCE_ROOM];

	escape_source(name, source ? source : "");
	output_string(output, "source ");
	output_string(output, name);
	output_string(output, "\n");
}

static int write_state(struct grouper *grouper, const struct carry_lines *own,
		       int fd)
{
	struct output output;
	struct state_writer writer = {&output, &grouper->store};

	output_init(&output, fd);
	write_state_title(&output, grouper);
	own->save(own->ctx, &output);
	for (size_t i = 0; i < grouper->count; i++) {
		struct grouped_log *log = &grouper->logs[i];
		struct group_table *table = &log->table;

		if (grouper->count > 1 && table->count)
			write_source_name(&output, table->source);
		if (table->count && log->stamps.kind == LABEL_LEAP)
			output_string(&output, LABELS_LEAP "\n");
		if (group_table_each(table, save_group, &writer) < 0)
			return -1;
	}
	output_string(&output, "end\n");
	return output_flush(&output);
}

int carry_save(struct grouper *grouper, const struct carry_lines *own, int fd)
{
	if (write_state(grouper, own, fd) < 0)
		return -1;
	return fsync(fd) < 0 && errno != EINVAL && errno != EROFS ? -1 : 0;
}

int carry_load_file(struct grouper *grouper, const struct carry_lines *own,
		    const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), r, error;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	r = carry_load(grouper, own, fd);
	error = errno;
	close(fd);
	errno = error;
	return r;
}

bool carry_find_position(const char *file, uint64_t *number)
{
	struct state_reader reader = {.file = fopen(file, "re")};
	bool found;

	if (!reader.file)
		return false;
	found = read_state_line(&reader) && read_state_line(&reader) &&
		sscanf(reader.line, "+ position %" SCNx64, number) == 1;
	free(reader.line);
	fclose(reader.file);
	return found;
}

int carry_save_file(struct grouper *grouper, const struct carry_lines *own,
		    const char *file)
{
	struct replace new;

	if (replace_open(&new, AT_FDCWD, file, 0600) < 0)
		return -1;
	return replace_end(&new, write_state(grouper, own, new.fd) == 0, true);
}
