/*
 * The script: rlog's arguments, one directive each.  They become a list of
 * actions that every line walks through from the first to the last, selected
 * at the start; what a directive sets holds for the actions after it.  One
 * table lists all directives, for the parser and for --help.
 */
#ifndef RLOG_SCRIPT_H
#define RLOG_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlog/pattern.h"

enum {
	SCRIPT_ERROR = 256,
	SCRIPT_SIZE = 99999,
	SCRIPT_SIZE_MIN = 4096,
	SCRIPT_NUMBER = 10,
	SCRIPT_NUMBER_MIN = 2
};

enum action_kind {
	ACTION_SELECT,
	ACTION_DESELECT,
	ACTION_ALERT,
	ACTION_STATUS,
	ACTION_DIRECTORY
};

/* What an action finds set when its turn comes. */
struct settings {
	uint64_t size;         /* most bytes of current */
	unsigned long number;  /* most files of a directory, current included */
	const char *processor; /* shell command, or NULL */
};

struct action {
	enum action_kind kind;
	const char *text; /* file or directory */
	struct pattern pattern;
	unsigned int index; /* among the script's status files or directories */
	struct settings settings;
};

struct script {
	bool stamp; /* a label in front of every line */
	struct settings settings;
	struct action *actions;
	unsigned int actions_n;
	unsigned int alerts_n;
	unsigned int statuses_n;
	unsigned int directories_n;
	unsigned int parsed; /* directives so far */
	char error[SCRIPT_ERROR];
};

struct directive {
	char letter;
	const char *syntax;
	const char *meaning;
	/* 1, or 0 with script->error set; argument follows the letter. */
	int (*parse)(struct script *script, const char *directive);
};

/* The table, ended by a letter of 0. */
const struct directive *script_directives(void);

/*
 * Parses the NULL-terminated argv, whose strings must outlive the script.
 * 1; 0 if a directive is wrong: script->error is a sentence that names it;
 * -1, errno set.  script_free gives back what either of them allocated.
 */
int script_parse(struct script *script, const char *const *argv);
void script_free(struct script *script);

#endif
