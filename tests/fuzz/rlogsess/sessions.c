/*
 * A log, as sessions and as messages: every line of a group is reported, with
 * the parts of a line inside the line, and comes back with its group; groups
 * that are over are forgotten; the bytes of a session are the same each time
 * they are read; JSON, tables and ladders hold no control bytes or
 * characters.
 */
#include "rlogsess/format/format.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../unit/escapes.h"
#include "rlogsess/bytes/missing_bytes.h"
#include "rlogsess/grouping/connections.h"
#include "rlogsess/grouping/log_line.h"
#include "rlogsess/mail/mail_finder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MAX = 512 };

/* The forms whose output must be safe wherever it goes. */
static const char *const forms[] = {"table", "json", "csv", "ladder"};

enum { FORMATS = sizeof forms / sizeof *forms };

/* One grouping, and formats that show its groups. */
struct run {
	struct grouper grouper;
	struct format_run format[FORMATS];
	struct output output;
	size_t told, came_back;
};

static const struct filter filter;

static void check(bool fine)
{
	if (!fine)
		abort();
}

/* No control byte but those that end lines, and TAB in a table. */
static void check_shown(struct output *output)
{
	size_t len;
	const char *text = output_composed(output, &len);

	for (size_t i = 0; i < len; i++)
		check((unsigned char)text[i] >= ' ' || text[i] == '\n' ||
		      text[i] == '\t' ||
		      (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n'));
	check(escapes_safe(text, len));
	output_init(output, -1);
}

static void check_inside(struct slice part, const struct connection_line *l)
{
	if (part.len)
		check(part.at >= l->text.at &&
		      part.at + part.len <= l->text.at + l->text.len);
}

static void check_line(const char *text, size_t len)
{
	struct line_time_reader stamps = {0};
	struct line_prefix prefix = {0};
	struct line_reader reader = {&stamps, &prefix};
	struct connection_line line;

	log_line_parse_connection(&line, &reader, text, len);
	check((line.kind == LINE_OTHER) == (line.pid == 0));
	check_inside(line.peer, &line);
	check_inside(line.body, &line);
	check_inside(line.port, &line);
	check_inside(line.local, &line);
}

static int on_line(void *ctx, const struct group *group, struct slice line)
{
	struct run *run = ctx;

	run->told++;
	check(group->lines > 0 && line.len > 0);
	check(strlen(run->grouper.grouping->peer(group)) < QMAIL_ADDRESS);
	return 0;
}

static int on_stray(void *ctx, struct slice line)
{
	(void)ctx;
	check(line.len > 0);
	return 0;
}

static int on_result(void *ctx, const struct mail_result *result)
{
	struct run *run = ctx;

	for (size_t i = 0; i < FORMATS; i++)
		if (run->format[i].options.format->result) {
			check(run->format[i].options.format->result(
				  &run->format[i], result) == 0);
			check_shown(&run->output);
		}
	return 0;
}

static int count_lines(void *ctx, const char *lines, size_t len)
{
	size_t *n = ctx;

	check(len && lines[len - 1] == '\n');
	for (size_t i = 0; i < len; i++)
		*n += lines[i] == '\n';
	return 0;
}

/* The bytes of one reading. */
struct counted {
	uint64_t bytes[2];
};

static void count_bytes(void *ctx, const struct session_part *part)
{
	struct counted *counted = ctx;

	if (part->kind == PART_BYTES)
		counted->bytes[part->direction] += part->text.len;
}

/* A message is begun before it has bytes, and once before it is whole. */
static void on_message(void *ctx, int64_t time)
{
	bool *open = ctx;

	(void)time;
	*open = true;
}

static void on_message_bytes(void *ctx, const char *text, size_t len)
{
	const bool *open = ctx;

	check(*open && (!len || text));
}

static void on_whole_message(void *ctx, const char *sender)
{
	bool *open = ctx;

	check(*open && strlen(sender) < MAIL_SENDER);
	*open = false;
}

static void pass_part(void *finder, const struct session_part *part)
{
	mail_finder_take(finder, part);
}

static void check_mail(const struct session_bytes *bytes)
{
	bool open = false;
	const struct mail_events events = {&open, on_message, on_message_bytes,
					   on_whole_message};
	struct mail_finder finder;

	for (int single = 0; single < 2; single++) {
		mail_finder_init(&finder, &events, single);
		check(session_bytes_each(bytes, pass_part, &finder) == 0);
		mail_finder_finish(&finder);
		check(!finder.open);
	}
}

/* Both readings of the lines find the same bytes, and all records. */
static void check_bytes(struct run *run, const struct group *group)
{
	const struct session *session = connections_session(group);
	char why[MISSING_BYTES_TEXT];
	struct counted counted = {{0}};
	struct session_bytes bytes;

	check(session_bytes_examine(&bytes, session, &run->grouper.store) == 0);
	check(session_bytes_each(&bytes, count_bytes, &counted) == 0);
	for (int i = 0; i < 2; i++) {
		check(bytes.stream[i].bytes == counted.bytes[i]);
		if (missing_bytes_explain(why, &bytes, i))
			check(*why && strlen(why) < sizeof why - 1);
	}
	check_mail(&bytes);
}

static int on_over(void *ctx, struct group *group)
{
	struct run *run = ctx;
	size_t lines = 0;

	check(line_spool_each(&run->grouper.store, &group->held, count_lines,
			      &lines) == 0);
	check(lines == group->lines && !group->held.left_out);
	run->came_back += lines;
	if (run->grouper.grouping == &grouping_connections)
		check_bytes(run, group);
	for (size_t i = 0; i < FORMATS; i++)
		if (run->format[i].options.format->group) {
			check(run->format[i].options.format->group(
				  &run->format[i], group) == 0);
			check_shown(&run->output);
		}
	return 0;
}

static const struct format *find_format(size_t i,
					const struct grouping *grouping)
{
	const struct format_choice *choice = format_find(forms[i]);

	if (grouping == &grouping_connections)
		return choice->sessions;
	/* One that has no messages tells them as JSON. */
	return choice->messages ? choice->messages
				: format_find("json")->messages;
}

static void begin_run(struct run *run, const struct grouping *grouping)
{
	run->told = run->came_back = 0;
	output_init(&run->output, -1);
	check(grouper_init(&run->grouper, &(struct grouper_options){
					      .grouping = grouping,
					      .filter = &filter,
					      .events = {.ctx = run,
							 .line = on_line,
							 .stray = on_stray,
							 .result = on_result,
							 .over = on_over},
					      .quiet = 3600,
					      .hold_lines = true}) == 0);
	for (size_t i = 0; i < FORMATS; i++)
		check(format_begin(&run->format[i],
				   &(struct format_options){
				       .format = find_format(i, grouping),
				       .output = &run->output,
				       .grouper = &run->grouper,
				       .screen = {.columns = SCREEN_LEAST,
						  .utf8 = true}}) == 0);
}

static void end_run(struct run *run)
{
	check(grouper_finish(&run->grouper) == 0);
	check(run->told == run->came_back);
	check(run->grouper.open == 0 && run->grouper.store.memory == 0);
	for (size_t i = 0; i < FORMATS; i++)
		format_free(&run->format[i]);
	grouper_free(&run->grouper);
}

static void read_log(struct run *sessions, struct run *messages,
		     const char *text, size_t len)
{
	const char *newline;
	size_t n;

	for (int i = 0; len && i < LINES_MAX; i++) {
		newline = memchr(text, '\n', len);
		n = newline ? (size_t)(newline - text) : len;
		check_line(text, n);
		check(grouper_line(&sessions->grouper, text, n) == 0);
		check(grouper_line(&messages->grouper, text, n) == 0);
		n += newline != NULL;
		text += n;
		len -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run sessions, messages;
	/* A copy, so that reading beyond the end of the last line is seen. */
	char *text = malloc(size ? size : 1);

	check(text != NULL);
	if (size)
		memcpy(text, data, size);
	begin_run(&sessions, &grouping_connections);
	begin_run(&messages, &grouping_qmail);
	read_log(&sessions, &messages, text, size);
	end_run(&sessions);
	end_run(&messages);
	free(text);
	return 0;
}
