/* States; see carry.h. */
#include "rlogsess/carry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>

#include "logdir/replace.h"

static const char *kind(const struct report *r)
{
	return r->options->by_message ? "messages" : "sessions";
}

/* What is read, line by line. */
struct text {
	FILE *file;
	char *line;
	size_t room, len;
};

static bool next(struct text *t)
{
	ssize_t n = getline(&t->line, &t->room, t->file);

	t->len = n > 0 ? (size_t)n : 0;
	if (!t->len || t->line[t->len - 1] != '\n')
		return false;
	t->line[--t->len] = 0;
	return true;
}

static bool load_one(struct report *r, struct text *t)
{
	struct report_open one;
	uint64_t lines;

	if (sscanf(t->line, "= %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
		   &one.key, &one.number, &lines, &one.left_out) != 4 ||
	    one.number == 0 || lines == 0)
		return false;
	report_restore(r, &one);
	for (; lines; lines--)
		if (!next(t) || report_line(r, t->line, t->len) < 0)
			return false;
	return report_restored(r, &one);
}

static bool load(struct report *r, struct text *t)
{
	char what[16];
	uint64_t number;
	int end = 0;

	if (!next(t))
		return t->len == 0 && feof(t->file) && !ferror(t->file);
	if (sscanf(t->line, "rlogsess state 1 %15s %" SCNu64 "%n", what,
		   &number, &end) != 2 ||
	    end != (int)t->len || strcmp(what, kind(r)) != 0)
		return false;
	while (next(t)) {
		if (strcmp(t->line, "end") == 0) {
			report_number(r, number);
			return true;
		}
		if (!load_one(r, t))
			return false;
	}
	return false;
}

int carry_load(struct report *r, int fd)
{
	struct text t = {0};
	bool ok;

	t.file = fdopen(dup(fd), "r");
	if (!t.file)
		return -1;
	errno = 0;
	ok = load(r, &t);
	if (!ok && (errno == 0 || !ferror(t.file)))
		errno = EINVAL;
	free(t.line);
	fclose(t.file);
	return ok ? 0 : -1;
}

struct writing {
	struct output *out;
	struct line_spool_store *store;
};

static int give(void *ctx, const char *lines, size_t len)
{
	struct writing *w = ctx;

	output_bytes(w->out, lines, len);
	return 0;
}

static int save_one(void *ctx, const struct group *g)
{
	struct writing *w = ctx;

	output_string(w->out, "= ");
	output_number(w->out, g->key);
	output_string(w->out, " ");
	output_number(w->out, g->number);
	output_string(w->out, " ");
	output_number(w->out, g->lines - g->held.left_out);
	output_string(w->out, " ");
	output_number(w->out, g->held.left_out);
	output_string(w->out, "\n");
	return line_spool_each(w->store, &g->held, give, w);
}

static int write_all(struct report *r, int fd)
{
	struct output out;
	struct writing w = {&out, NULL};
	struct group_table *book;

	output_init(&out, fd);
	book = report_book(r, &w.store);
	output_string(&out, "rlogsess state 1 ");
	output_string(&out, kind(r));
	output_string(&out, " ");
	output_number(&out, book->number);
	output_string(&out, "\n");
	if (group_table_each(book, save_one, &w) < 0)
		return -1;
	output_string(&out, "end\n");
	return output_flush(&out);
}

int carry_save(struct report *r, int fd)
{
	if (write_all(r, fd) < 0)
		return -1;
	return fsync(fd) < 0 && errno != EINVAL && errno != EROFS ? -1 : 0;
}

int carry_load_file(struct report *r, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), answer, error;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	answer = carry_load(r, fd);
	error = errno;
	close(fd);
	errno = error;
	return answer;
}

int carry_save_file(struct report *r, const char *file)
{
	struct replace new;

	if (replace_open(&new, AT_FDCWD, file, 0600) < 0)
		return -1;
	return replace_end(&new, write_all(r, new.fd) == 0, true);
}
