/* The directives and their parser; see script.h. */
#include "rlog/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int wrong(struct script *script, const char *directive, const char *why)
{
	snprintf(script->error, sizeof script->error, "directive %.100s: %s",
		 directive, why);
	return 0;
}

static struct action *add(struct script *script, enum action_kind kind)
{
	struct action *action = &script->actions[script->actions_n++];

	action->kind = kind;
	action->settings = script->settings;
	return action;
}

/* One that writes to the file or directory of this name. */
static void add_named(struct script *script, enum action_kind kind,
		      const char *name, unsigned int *index)
{
	struct action *action = add(script, kind);

	action->text = name;
	action->index = (*index)++;
}

static int parse_stamp(struct script *script, const char *directive)
{
	if (directive[1])
		return wrong(script, directive, "nothing may follow t");
	if (script->parsed)
		return wrong(script, directive, "t must be the first");
	script->stamp = true;
	return 1;
}

static int parse_alert(struct script *script, const char *directive)
{
	if (directive[1])
		return wrong(script, directive, "nothing may follow e");
	add(script, ACTION_ALERT);
	script->alerts_n++;
	return 1;
}

static int parse_select(struct script *script, const char *directive)
{
	pattern_compile(&add(script, ACTION_SELECT)->pattern, directive + 1);
	return 1;
}

static int parse_deselect(struct script *script, const char *directive)
{
	pattern_compile(&add(script, ACTION_DESELECT)->pattern, directive + 1);
	return 1;
}

static int parse_status(struct script *script, const char *directive)
{
	if (!directive[1])
		return wrong(script, directive, "a file name must follow =");
	add_named(script, ACTION_STATUS, directive + 1, &script->statuses_n);
	return 1;
}

static int parse_directory(struct script *script, const char *directive)
{
	add_named(script, ACTION_DIRECTORY, directive, &script->directories_n);
	return 1;
}

/* Reads the decimal number at text; *rest is what follows it. */
static bool scan_number(uint64_t *value, const char *text, const char **rest)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	*rest = end;
	return !errno;
}

static bool scan_size(uint64_t *size, const char *text)
{
	static const char units[] = "kmg";
	const char *rest, *unit;
	int shift = 0;

	if (!scan_number(size, text, &rest))
		return false;
	if (*rest) {
		unit = strchr(units, *rest);
		if (!unit || rest[1])
			return false;
		shift = 10 * (int)(unit - units + 1);
	}
	if (*size > (uint64_t)INT64_MAX >> shift)
		return false;
	*size <<= shift;
	return true;
}

static int parse_size(struct script *script, const char *directive)
{
	uint64_t size;

	if (!scan_size(&size, directive + 1))
		return wrong(script, directive,
			     "a size must follow s: bytes, or with k, m, g");
	script->settings.size = size < SCRIPT_SIZE_MIN ? SCRIPT_SIZE_MIN : size;
	return 1;
}

static int parse_number(struct script *script, const char *directive)
{
	uint64_t number;
	const char *rest;

	if (!scan_number(&number, directive + 1, &rest) || *rest ||
	    number > INT32_MAX)
		return wrong(script, directive, "a number must follow n");
	script->settings.number = number < SCRIPT_NUMBER_MIN
				      ? SCRIPT_NUMBER_MIN
				      : (unsigned long)number;
	return 1;
}

static int parse_processor(struct script *script, const char *directive)
{
	script->settings.processor = directive[1] ? directive + 1 : NULL;
	return 1;
}

static const struct directive directives[] = {
    {'t', "t", "stamp each line; only as the first directive", parse_stamp},
    {'+', "+pattern", "select lines that match", parse_select},
    {'-', "-pattern", "deselect lines that match", parse_deselect},
    {'e', "e", "selected lines to standard error, 200 bytes", parse_alert},
    {'=', "=file", "the last selected line in file", parse_status},
    {'s', "ssize", "rotate at this size (99999; k, m, g)", parse_size},
    {'n', "nnum", "keep num files in a directory (10)", parse_number},
    {'!', "!command", "process archives by this shell command",
     parse_processor},
    {'.', "./dir", "append selected lines to the directory", parse_directory},
    {'/', "/dir", "the same, by its absolute path", parse_directory},
    {0, NULL, NULL, NULL},
};

const struct directive *script_directives(void)
{
	return directives;
}

static int parse_one(struct script *script, const char *text)
{
	const struct directive *known;

	for (known = directives; known->letter; known++)
		if (*text == known->letter)
			return known->parse(script, text);
	return wrong(script, *text ? text : "''", "there is no such directive");
}

int script_parse(struct script *script, const char *const *argv)
{
	size_t n = 0;

	memset(script, 0, sizeof *script);
	script->settings.size = SCRIPT_SIZE;
	script->settings.number = SCRIPT_NUMBER;
	while (argv[n])
		n++;
	script->actions = calloc(n + 1, sizeof *script->actions);
	if (!script->actions)
		return -1;
	for (; *argv; argv++, script->parsed++)
		if (!parse_one(script, *argv))
			return 0;
	return 1;
}

void script_free(struct script *script)
{
	free(script->actions);
	script->actions = NULL;
}
