/*
 * The directives: their table, and the parser of each row.  A value that is
 * only stored is stored by a set function where its row says, so that no parser
 * has to tell letters apart a second time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "logdir/archive_name.h"
#include "rlog/script.h"

/* For directives of one letter: nothing may follow it. */
static int alone(struct script *script, const char *directive)
{
	if (!directive[1])
		return 1;
	return script_wrong(script, directive, "nothing may follow the letter");
}

static int parse_stamp(struct script *script, const char *directive)
{
	static const struct {
		const char *directive;
		enum label_kind kind;
	} kinds[] = {{"t", LABEL_DJB}, {"tL", LABEL_LEAP}, {"T", LABEL_UTC}};
	size_t i;

	if (script->parsed)
		return script_wrong(script, directive,
				    "the stamp must be the first");
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(directive, kinds[i].directive) == 0) {
			script->stamp = kinds[i].kind;
			return 1;
		}
	}
	return script_wrong(script, directive,
			    "only t, tL and T are kinds of stamps");
}

static int parse_pattern(struct script *script, const char *directive)
{
	struct action *action = script_add(
	    script, *directive == '+' ? ACTION_SELECT : ACTION_DESELECT);

	pattern_compile(&action->pattern, directive + 1);
	script->patterns_n++;
	return 1;
}

static int parse_expression(struct script *script, const char *directive)
{
	enum action_kind kind =
	    directive[1] == '+' ? ACTION_SELECT_ERE : ACTION_DESELECT_ERE;
	char error[REGEX_ERROR];
	struct regex *expression;

	if (directive[1] != '+' && directive[1] != '-')
		return script_wrong(script, directive,
				    "+ or - and a regular expression must "
				    "follow ~");
	expression = malloc(sizeof *expression);
	if (!expression)
		return -1;
	if (!regex_compile(expression, directive + 2, error)) {
		free(expression);
		return script_wrong(script, directive, error);
	}
	script_add(script, kind)->expression = expression;
	return 1;
}

static int parse_rest(struct script *script, const char *directive)
{
	if (!alone(script, directive))
		return 0;
	script_add(script, ACTION_REST);
	return 1;
}

static int parse_alert(struct script *script, const char *directive)
{
	struct action *action;

	if (!alone(script, directive))
		return 0;
	if (script->alerts_n == SCRIPT_ALERTS)
		return script_wrong(script, directive,
				    "there are too many of these");
	script->alerts_n++;
	return script_add_output(script, ACTION_ALERT, directive, &action);
}

static int parse_forward(struct script *script, const char *directive)
{
	struct action *action;

	if (!alone(script, directive))
		return 0;
	if (script->forwards_n)
		return script_wrong(script, directive,
				    "it may stand only once");
	script->forwards_n++;
	return script_add_output(script, ACTION_FORWARD, directive, &action);
}

static int parse_status(struct script *script, const char *directive)
{
	struct action *action;
	int r;

	if (!directive[1])
		return script_wrong(script, directive,
				    "a file name must follow =");
	r = script_add_output(script, ACTION_STATUS, directive, &action);
	if (r > 0) {
		action->text = directive + 1;
		action->index = script->statuses_n++;
	}
	return r;
}

static int parse_directory(struct script *script, const char *directive)
{
	struct action *action;
	int r = script_add_output(script, ACTION_DIRECTORY, directive, &action);

	if (r > 0) {
		action->text = directive;
		action->index = script->directories_n++;
	}
	return r;
}

static int set_size(struct script *script, const char *directive, void *value)
{
	if (number_parse_size(value, directive + 1))
		return 1;
	return script_wrong(script, directive,
			    "a size must follow: bytes, or with k, m, g");
}

static int parse_size(struct script *script, const char *directive)
{
	uint64_t size;

	if (!set_size(script, directive, &size))
		return 0;
	script->settings.size = size < SCRIPT_SIZE_MIN ? SCRIPT_SIZE_MIN : size;
	return 1;
}

static int parse_number(struct script *script, const char *directive)
{
	uint64_t number;

	if (!number_parse_count(&number, directive + 1, INT32_MAX))
		return script_wrong(script, directive, "a number must follow");
	if (*directive == 'N')
		script->settings.keep = (long)number;
	else
		script->settings.number = number < SCRIPT_NUMBER_MIN
					      ? SCRIPT_NUMBER_MIN
					      : (unsigned long)number;
	return 1;
}

static int set_duration(struct script *script, const char *directive,
			void *value)
{
	if (number_parse_duration(value, directive + 1))
		return 1;
	return script_wrong(script, directive,
			    "a duration must follow: a number with ms, s, m, "
			    "h or d");
}

static int set_pause(struct script *script, const char *directive, void *value)
{
	uint64_t ms;

	if (!set_duration(script, directive, &ms))
		return 0;
	if (!ms)
		return script_wrong(script, directive, "a pause must not be 0");
	*(uint64_t *)value = ms;
	return 1;
}

static int parse_sync(struct script *script, const char *directive)
{
	uint64_t ms = 0;

	if (directive[1] && !number_parse_duration(&ms, directive + 1))
		return script_wrong(script, directive,
				    "only a duration may follow: a number "
				    "with ms, s, m, h or d");
	script->settings.sync = (int64_t)ms;
	return 1;
}

static int set_shown(struct script *script, const char *directive, void *value)
{
	uint64_t size;

	if (!number_parse_count(&size, directive + 1, SCRIPT_SHOWN))
		return script_wrong(script, directive,
				    "a number up to 65536 must follow");
	*(size_t *)value = (size_t)size;
	return 1;
}

static int parse_processor(struct script *script, const char *directive)
{
	script->settings.processor = directive[1] ? directive + 1 : NULL;
	return 1;
}

static int parse_suffix(struct script *script, const char *directive)
{
	const char *suffix = directive + 1;

	if (!archive_name_is_suffix(suffix))
		return script_wrong(script, directive,
				    "a suffix such as .zst must follow");
	script->settings.suffix = suffix;
	return 1;
}

static int parse_prefix(struct script *script, const char *directive)
{
	const char *prefix = directive + 1;

	if (strlen(prefix) > SCRIPT_PREFIX || strchr(prefix, '\n'))
		return script_wrong(script, directive,
				    "at most 255 bytes, no newline, "
				    "may follow");
	script->settings.prefix = prefix;
	return 1;
}

static int parse_visible(struct script *script, const char *directive)
{
	if (!alone(script, directive))
		return 0;
	script->settings.visible = true;
	return 1;
}

static int parse_mode(struct script *script, const char *directive)
{
	unsigned int mode;

	if (!number_parse_mode(&mode, directive + 1) || (mode & 0600) != 0600 ||
	    (mode & 0111))
		return script_wrong(script, directive,
				    "an octal mode must follow that lets the "
				    "owner read and write, and nobody execute");
	script->settings.mode = mode;
	return 1;
}

static int parse_intake(struct script *script, const char *directive)
{
	script->intake_path = directive + 1;
	return 1;
}

static int parse_ready(struct script *script, const char *directive)
{
	uint64_t fd;

	if (!number_parse_count(&fd, directive + 1, INT32_MAX) || fd < 3)
		return script_wrong(script, directive,
				    "a descriptor above 2 must follow");
	script->ready = (int)fd;
	return 1;
}

#define MEMBER(name) offsetof(struct settings, name)

static const struct directive directives[] = {
    {'t', "t", "stamp each line; only as the first directive",
     .parse = parse_stamp},
    {'t', "tL", "the same with leap seconds counted", .parse = parse_stamp},
    {'T', "T", "the same as date and time, UTC", .parse = parse_stamp},
    {'+', "+pattern", "select lines that match", .parse = parse_pattern},
    {'-', "-pattern", "deselect lines that match", .parse = parse_pattern},
    {'~', "~+ere", "select by a regular expression", .parse = parse_expression},
    {'~', "~-ere", "deselect by a regular expression",
     .parse = parse_expression},
    {'f', "f", "select the lines that nothing has taken yet",
     .parse = parse_rest},
    {'e', "e", "selected lines to standard error", .parse = parse_alert},
    {'E', "Enum", "at most num bytes of them (200)", .set = set_shown,
     .member = MEMBER(alert_size)},
    {'1', "1", "selected lines to standard output", .parse = parse_forward},
    {'=', "=file", "the last selected line in file", .parse = parse_status},
    {'^', "^num", "such a file has num bytes (1001; 0: as needed)",
     .set = set_shown, .member = MEMBER(status_size)},
    {'.', "./dir", "append selected lines to the directory",
     .parse = parse_directory},
    {'/', "/dir", "the same, by its absolute path", .parse = parse_directory},
    {'s', "ssize", "rotate at this size (99999; k, m, g)", .parse = parse_size},
    {'l', "lsize", "at line ends so near it (2000)", .set = set_size,
     .member = MEMBER(tolerance)},
    {'R', "Rduration", "rotate at this age (ms, s, m, h, d)",
     .set = set_duration, .member = MEMBER(period)},
    {'n', "nnum", "keep num files in a directory (10)", .parse = parse_number},
    {'S', "Ssize", "keep at most size bytes of archives", .set = set_size,
     .member = MEMBER(total)},
    {'A', "Aduration", "delete archives older than that", .set = set_duration,
     .member = MEMBER(age)},
    {'N', "Nnum", "delete all but num archives when the disk is full",
     .parse = parse_number},
    {'!', "!command", "process archives by this shell command",
     .parse = parse_processor},
    {'x', "xsuffix", "add this to the names of processed archives",
     .parse = parse_suffix},
    {'m', "mmode", "mode of current and archives (0644)", .parse = parse_mode},
    {'p', "ptext", "put text in front of each line", .parse = parse_prefix},
    {'v', "v", "escape bytes that are unsafe to print", .parse = parse_visible},
    {'F', "Fduration", "sync so often, or at once (F alone)",
     .parse = parse_sync},
    {'D', "Dduration", "drop input that can't be written for so long",
     .set = set_duration, .member = MEMBER(drop_after)},
    {'r', "rduration", "pause before what failed is tried again (2s)",
     .set = set_pause, .member = MEMBER(retry)},
    {'J', "Jpath", "keep what is not yet written there, or nowhere (J)",
     .parse = parse_intake},
    {'d', "dfd", "tell descriptor fd when all is ready", .parse = parse_ready},
    {0},
};

const struct directive *script_directives(void)
{
	return directives;
}
