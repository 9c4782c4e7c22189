/*
 * The script: parsing the arguments, directive by directive, into a list of
 * actions.  The table at the end has a row for each directive, with its parser.
 * A value that is only stored is stored by a set function at the member that
 * the row names, so that no parser tells letters apart a second time.
 */
#include "logwrite/script.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "logdir/archive_name.h"

/* Sets script->error to a sentence about the directive.  Returns 0. */
static int reject_directive(struct script *script, const char *directive,
			    const char *why)
{
	snprintf(script->error, sizeof script->error, "directive %.100s: %s",
		 *directive ? directive : "''", why);
	return 0;
}

/* Adds an action. */
static struct action *add_action(struct script *script, enum action_kind kind)
{
	struct action *action = &script->actions[script->actions_n++];

	action->kind = kind;
	return action;
}

/* Finds or adds the form that is set.  Returns its index, or -1: too many. */
static int find_form(struct script *script)
{
	const struct settings *settings = &script->settings;
	unsigned int i = 0;

	for (; i < script->forms_n; i++)
		if (strcmp(script->forms[i].prefix, settings->prefix) == 0 &&
		    script->forms[i].escaping == settings->escaping)
			return (int)i;
	if (i == SCRIPT_FORMS)
		return -1;
	script->forms[i].prefix = settings->prefix;
	script->forms[i].escaping = settings->escaping;
	script->forms_n++;
	return (int)i;
}

/* Adds an action that writes lines.  Returns as a parser. */
static int add_output_action(struct script *script, enum action_kind kind,
			     const char *directive, struct action **action)
{
	struct settings *settings = &script->all_settings[script->actions_n];
	int form = find_form(script);

	if (form < 0)
		return reject_directive(script, directive,
					"there are too many different p and v");
	if (script->directories_n == SCRIPT_OUTPUTS)
		return reject_directive(script, directive,
					"there are too many directories");
	*settings = script->settings;
	if (settings->tolerance > settings->size / 2)
		settings->tolerance = settings->size / 2;
	*action = add_action(script, kind);
	(*action)->form = (unsigned int)form;
	(*action)->settings = settings;
	return 1;
}

/* For directives of one letter: nothing may follow it. */
static int is_alone(struct script *script, const char *directive)
{
	if (!directive[1])
		return 1;
	return reject_directive(script, directive,
				"nothing may follow the letter");
}

static int parse_stamp(struct script *script, const char *directive)
{
	static const struct {
		const char *directive;
		enum label_kind kind;
	} kinds[] = {{"t", LABEL_DJB}, {"tL", LABEL_LEAP}, {"T", LABEL_UTC}};
	if (script->parsed)
		return reject_directive(script, directive,
					"the stamp must be the first");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(directive, kinds[i].directive) == 0) {
			script->stamp = kinds[i].kind;
			return 1;
		}
	}
	return reject_directive(script, directive,
				"only t, tL and T are kinds of stamps");
}

/* Adds the pattern to the last action if that has patterns, too. */
static int parse_pattern(struct script *script, const char *directive)
{
	struct action *action = &script->actions[script->actions_n];

	if (script->actions_n && action[-1].kind == ACTION_PATTERNS) {
		action--;
	} else {
		action = add_action(script, ACTION_PATTERNS);
		action->index = script->patterns_n;
	}
	pattern_compile(&script->patterns[script->patterns_n++], directive + 1,
			*directive == '+');
	action->patterns_n++;
	return 1;
}

static int parse_expression(struct script *script, const char *directive)
{
	enum action_kind kind =
	    directive[1] == '+' ? ACTION_SELECT_ERE : ACTION_DESELECT_ERE;
	char error[REGEX_ERROR];
	struct regex *expression;

	if (directive[1] != '+' && directive[1] != '-')
		return reject_directive(script, directive,
					"+ or - and a regular expression must "
					"follow ~");
	expression = malloc(sizeof *expression);
	if (!expression)
		return -1;
	if (!regex_compile(expression, directive + 2, error)) {
		free(expression);
		return reject_directive(script, directive, error);
	}
	add_action(script, kind)->expression = expression;
	return 1;
}

static int parse_rest(struct script *script, const char *directive)
{
	if (!is_alone(script, directive))
		return 0;
	add_action(script, ACTION_REST);
	return 1;
}

static int parse_alert(struct script *script, const char *directive)
{
	struct action *action;

	if (!is_alone(script, directive))
		return 0;
	if (script->alerts_n == SCRIPT_ALERTS)
		return reject_directive(script, directive,
					"there are too many of these");
	script->alerts_n++;
	return add_output_action(script, ACTION_ALERT, directive, &action);
}

static int parse_forward(struct script *script, const char *directive)
{
	struct action *action;

	if (!is_alone(script, directive))
		return 0;
	if (script->forwards_n)
		return reject_directive(script, directive,
					"it may stand only once");
	script->forwards_n++;
	return add_output_action(script, ACTION_FORWARD, directive, &action);
}

static int parse_status(struct script *script, const char *directive)
{
	struct action *action;
	int r;

	if (!directive[1])
		return reject_directive(script, directive,
					"a file name must follow =");
	r = add_output_action(script, ACTION_STATUS, directive, &action);
	if (r > 0) {
		action->text = directive + 1;
		action->index = script->statuses_n++;
	}
	return r;
}

static int parse_directory(struct script *script, const char *directive)
{
	struct action *action;
	int r = add_output_action(script, ACTION_DIRECTORY, directive, &action);

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
	return reject_directive(script, directive,
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

static int parse_archive_count(struct script *script, const char *directive)
{
	uint64_t number;

	if (!number_parse_count(&number, directive + 1, INT32_MAX))
		return reject_directive(script, directive,
					"a number must follow");
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
	return reject_directive(
	    script, directive,
	    "a duration must follow: a number with ms, s, m, "
	    "h or d");
}

/* The duration of R, which @local may follow. */
static int parse_period(struct script *script, const char *directive)
{
	struct period *period = &script->settings.period;
	const char *suffix = strchr(directive, '@');
	char text[SCRIPT_ERROR];
	int len = (int)strcspn(directive, "@");

	period->local = suffix && strcmp(suffix, "@local") == 0;
	if (!period->local)
		return set_duration(script, directive, &period->length);
	snprintf(text, sizeof text, "%.*s", len, directive);
	if (number_parse_duration(&period->length, text + 1) &&
	    period->length && PERIOD_DAY % period->length == 0)
		return 1;
	return reject_directive(script, directive,
				"only a duration that divides a day may stand "
				"before @local");
}

static int set_pause(struct script *script, const char *directive, void *value)
{
	uint64_t ms;

	if (!set_duration(script, directive, &ms))
		return 0;
	if (!ms)
		return reject_directive(script, directive,
					"a pause must not be 0");
	*(uint64_t *)value = ms;
	return 1;
}

static int parse_sync(struct script *script, const char *directive)
{
	uint64_t ms = 0;

	if (directive[1] && !number_parse_duration(&ms, directive + 1))
		return reject_directive(script, directive,
					"only a duration may follow: a number "
					"with ms, s, m, h or d");
	script->settings.sync = (int64_t)ms;
	return 1;
}

static int set_shown(struct script *script, const char *directive, void *value)
{
	uint64_t size;

	if (!number_parse_count(&size, directive + 1, SCRIPT_SHOWN))
		return reject_directive(script, directive,
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
		return reject_directive(script, directive,
					"a suffix such as .zst must follow");
	script->settings.suffix = suffix;
	return 1;
}

static int parse_prefix(struct script *script, const char *directive)
{
	const char *prefix = directive + 1;

	if (strlen(prefix) > SCRIPT_PREFIX || strchr(prefix, '\n'))
		return reject_directive(script, directive,
					"at most 255 bytes, no newline, "
					"may follow");
	script->settings.prefix = prefix;
	return 1;
}

static int parse_escaping(struct script *script, const char *directive)
{
	const bool records = strcmp(directive, "vr") == 0;

	if (directive[1] && !records)
		return reject_directive(script, directive,
					"only v and vr are escapes");
	script->settings.escaping = records ? ESCAPING_RECORDS : ESCAPING_ALL;
	return 1;
}

static int parse_mode(struct script *script, const char *directive)
{
	unsigned int mode;

	if (!number_parse_mode(&mode, directive + 1) || (mode & 0600) != 0600 ||
	    (mode & 0111))
		return reject_directive(
		    script, directive,
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
		return reject_directive(script, directive,
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
    {'+', "+pattern", "select lines that match", .parse = parse_pattern,
     .acts_on = OUTPUT_ANY},
    {'-', "-pattern", "deselect lines that match", .parse = parse_pattern,
     .acts_on = OUTPUT_ANY},
    {'~', "~+ere", "select by a regular expression", .parse = parse_expression,
     .acts_on = OUTPUT_ANY},
    {'~', "~-ere", "deselect by a regular expression",
     .parse = parse_expression},
    {'f', "f", "select the lines that nothing has taken yet",
     .parse = parse_rest, .acts_on = OUTPUT_ANY},
    {'e', "e", "selected lines to standard error", .parse = parse_alert,
     .output = OUTPUT_ALERT},
    {'E', "Enum", "at most num bytes of them (200)", .set = set_shown,
     .member = MEMBER(alert_size), .acts_on = OUTPUT_ALERT},
    {'1', "1", "selected lines to standard output", .parse = parse_forward,
     .output = OUTPUT_FORWARD},
    {'=', "=file", "the last selected line in file", .parse = parse_status,
     .output = OUTPUT_STATUS},
    {'^', "^num", "such a file has num bytes (1001; 0: as needed)",
     .set = set_shown, .member = MEMBER(status_size), .acts_on = OUTPUT_STATUS},
    {'.', "./dir", "append selected lines to the directory",
     .parse = parse_directory, .output = OUTPUT_DIRECTORY},
    {'/', "/dir", "the same, by its absolute path", .parse = parse_directory,
     .output = OUTPUT_DIRECTORY},
    {'s', "ssize", "rotate at this size (99999; k, m, g)", .parse = parse_size,
     .acts_on = OUTPUT_DIRECTORY},
    {'l', "lsize", "at line ends so near it (2000)", .set = set_size,
     .member = MEMBER(tolerance), .acts_on = OUTPUT_DIRECTORY},
    {'R', "Rduration", "rotate at this age (ms, s, m, h, d)",
     .parse = parse_period, .acts_on = OUTPUT_DIRECTORY},
    {'R', "Rduration@local", "the same by the local clock",
     .parse = parse_period},
    {'n', "nnum", "keep num files in a directory (10)",
     .parse = parse_archive_count, .acts_on = OUTPUT_DIRECTORY},
    {'S', "Ssize", "keep at most size bytes of archives", .set = set_size,
     .member = MEMBER(total), .acts_on = OUTPUT_DIRECTORY},
    {'A', "Aduration", "delete archives older than that", .set = set_duration,
     .member = MEMBER(age), .acts_on = OUTPUT_DIRECTORY},
    {'N', "Nnum", "delete all but num archives when the disk is full",
     .parse = parse_archive_count, .acts_on = OUTPUT_DIRECTORY},
    {'!', "!command", "process archives by this shell command",
     .parse = parse_processor, .acts_on = OUTPUT_DIRECTORY},
    {'x', "xsuffix", "add this to the names of processed archives",
     .parse = parse_suffix, .acts_on = OUTPUT_DIRECTORY},
    {'m', "mmode", "mode of current and archives (0644)", .parse = parse_mode,
     .acts_on = OUTPUT_DIRECTORY},
    {'p', "ptext", "put text in front of each line", .parse = parse_prefix,
     .acts_on = OUTPUT_ANY},
    {'v', "v", "escape bytes that are unsafe to print", .parse = parse_escaping,
     .acts_on = OUTPUT_ANY},
    {'v', "vr", "the same, but leave the escapes of records alone",
     .parse = parse_escaping},
    {'F', "Fduration", "sync so often, or at once (F alone)",
     .parse = parse_sync, .acts_on = OUTPUT_DIRECTORY},
    {'D', "Dduration", "drop input that can't be written for so long",
     .set = set_duration, .member = MEMBER(drop_after),
     .acts_on = OUTPUT_DIRECTORY | OUTPUT_FORWARD},
    {'r', "rduration", "pause before what failed is tried again (2s)",
     .set = set_pause, .member = MEMBER(retry),
     .acts_on = OUTPUT_DIRECTORY | OUTPUT_STATUS},
    {'J', "Jpath", "keep what is not yet written there, or nowhere (J)",
     .parse = parse_intake},
    {'d', "dfd", "tell descriptor fd when all is ready", .parse = parse_ready},
    {0},
};

const struct directive *script_directives(void)
{
	return directives;
}

const struct directive *script_find_directive(const char *text)
{
	const struct directive *known = script_directives();

	while (known->letter && known->letter != *text)
		known++;
	return known->letter ? known : NULL;
}

static int parse_directive(struct script *script, const char *text)
{
	const struct directive *known = script_find_directive(text);

	if (!known)
		return reject_directive(script, text,
					"there is no such directive");
	if (known->parse)
		return known->parse(script, text);
	return known->set(script, text,
			  (char *)&script->settings + known->member);
}

void script_defaults(struct settings *settings)
{
	memset(settings, 0, sizeof *settings);
	settings->root = AT_FDCWD;
	settings->size = SCRIPT_SIZE;
	settings->tolerance = SCRIPT_TOLERANCE;
	settings->number = SCRIPT_NUMBER;
	settings->keep = -1;
	settings->suffix = settings->prefix = "";
	settings->mode = SCRIPT_MODE;
	settings->alert_size = SCRIPT_ALERT;
	settings->status_size = SCRIPT_STATUS;
	settings->sync = -1;
	settings->retry = SCRIPT_RETRY;
}

/* Form 0 is a line as it is. */
static void init_script(struct script *script)
{
	memset(script, 0, sizeof *script);
	script->ready = -1;
	script_defaults(&script->settings);
	find_form(script);
}

static uint64_t hash_arguments(const char *const *argv)
{
	uint64_t hash = HASH_FNV;

	for (; *argv; argv++)
		hash = hash_fnv(hash, *argv, strlen(*argv) + 1);
	return hash;
}

int script_parse(struct script *script, const char *const *argv)
{
	size_t n = 0;
	int r;

	init_script(script);
	script->hash = hash_arguments(argv);
	while (argv[n])
		n++;
	script->actions = calloc(n + 1, sizeof *script->actions);
	script->all_settings = calloc(n + 1, sizeof *script->all_settings);
	script->patterns = calloc(n + 1, sizeof *script->patterns);
	if (!script->actions || !script->all_settings || !script->patterns)
		return -1;
	for (; *argv; argv++, script->parsed++) {
		r = parse_directive(script, *argv);
		if (r <= 0)
			return r;
	}
	return 1;
}

void script_set_root(struct script *script, int root)
{
	for (unsigned int i = 0; i < script->actions_n; i++)
		script->all_settings[i].root = root;
}

void script_free(struct script *script)
{
	for (unsigned int i = 0; i < script->actions_n; i++) {
		if (!script->actions[i].expression)
			continue;
		regex_free(script->actions[i].expression);
		free(script->actions[i].expression);
	}
	free(script->actions);
	free(script->all_settings);
	free(script->patterns);
	script->actions = NULL;
	script->all_settings = NULL;
	script->patterns = NULL;
	script->actions_n = 0;
}
