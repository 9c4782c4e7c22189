/* The list of actions, and parsing by the table; see script.h. */
#include "rlog/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

int script_wrong(struct script *script, const char *directive, const char *why)
{
	snprintf(script->error, sizeof script->error, "directive %.100s: %s",
		 *directive ? directive : "''", why);
	return 0;
}

struct action *script_add(struct script *script, enum action_kind kind)
{
	struct action *action = &script->actions[script->actions_n++];

	action->kind = kind;
	return action;
}

/* The index of what is set, which is new if need be; -1: too many. */
static int find_form(struct script *script)
{
	const struct settings *settings = &script->settings;
	unsigned int i;

	for (i = 0; i < script->forms_n; i++)
		if (strcmp(script->forms[i].prefix, settings->prefix) == 0 &&
		    script->forms[i].visible == settings->visible)
			return (int)i;
	if (i == SCRIPT_FORMS)
		return -1;
	script->forms[i].prefix = settings->prefix;
	script->forms[i].visible = settings->visible;
	script->forms_n++;
	return (int)i;
}

int script_add_output(struct script *script, enum action_kind kind,
		      const char *directive, struct action **action)
{
	struct settings *settings = &script->all_settings[script->actions_n];
	int form = find_form(script);

	if (form < 0)
		return script_wrong(script, directive,
				    "there are too many different p and v");
	if (script->directories_n == SCRIPT_OUTPUTS)
		return script_wrong(script, directive,
				    "there are too many directories");
	*settings = script->settings;
	if (settings->tolerance > settings->size / 2)
		settings->tolerance = settings->size / 2;
	*action = script_add(script, kind);
	(*action)->form = (unsigned int)form;
	(*action)->settings = settings;
	return 1;
}

static int parse_directive(struct script *script, const char *text)
{
	const struct directive *known = script_directives();

	for (; known->letter; known++) {
		if (*text != known->letter)
			continue;
		if (known->parse)
			return known->parse(script, text);
		return known->set(script, text,
				  (char *)&script->settings + known->member);
	}
	return script_wrong(script, text, "there is no such directive");
}

void script_defaults(struct settings *settings)
{
	memset(settings, 0, sizeof *settings);
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
static void begin(struct script *script)
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

	begin(script);
	script->hash = hash_arguments(argv);
	while (argv[n])
		n++;
	script->actions = calloc(n + 1, sizeof *script->actions);
	script->all_settings = calloc(n + 1, sizeof *script->all_settings);
	if (!script->actions || !script->all_settings)
		return -1;
	for (; *argv; argv++, script->parsed++) {
		r = parse_directive(script, *argv);
		if (r <= 0)
			return r;
	}
	return 1;
}

void script_free(struct script *script)
{
	unsigned int i;

	for (i = 0; i < script->actions_n; i++) {
		if (!script->actions[i].expression)
			continue;
		regex_free(script->actions[i].expression);
		free(script->actions[i].expression);
	}
	free(script->actions);
	free(script->all_settings);
	script->actions = NULL;
	script->all_settings = NULL;
	script->actions_n = 0;
}
