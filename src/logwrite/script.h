/*
 * The script: the arguments of rlog, one directive each, as a list of actions.
 * Every line passes all actions in their order, and is selected at the start. A
 * directive that sets a value sets it for the actions after it.  One table in
 * script.c lists all directives, for the parser and for --help.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/label.h"
#include "base/regex.h"
#include "logdir/layout.h"
#include "logwrite/pattern.h"
#include "logwrite/period.h"

enum {
	SCRIPT_ERROR = 256,
	SCRIPT_SIZE = 99999,
	SCRIPT_SIZE_MIN = 4096,
	SCRIPT_TOLERANCE = 2000,
	SCRIPT_NUMBER = 10,
	SCRIPT_NUMBER_MIN = 2,
	SCRIPT_RETRY = 2000,
	SCRIPT_MODE = LAYOUT_FILE_MODE,
	SCRIPT_ALERT = 200,
	SCRIPT_STATUS = 1001,
	SCRIPT_SHOWN = 65536, /* most of an alert or of a status file */
	SCRIPT_PREFIX = 255,  /* longest */
	SCRIPT_FORMS = 32,
	SCRIPT_ALERTS = 64,
	SCRIPT_OUTPUTS = 1024
};

enum action_kind {
	ACTION_PATTERNS, /* multilog's, that follow each other */
	ACTION_SELECT_ERE,
	ACTION_DESELECT_ERE,
	ACTION_REST, /* select lines that no action has taken */
	ACTION_ALERT,
	ACTION_STATUS,
	ACTION_DIRECTORY,
	ACTION_FORWARD
};

/* Which bytes of lines are escaped (base/escape.h). */
enum escaping {
	ESCAPING_NONE,
	ESCAPING_ALL,    /* all that are unsafe, and backslashes */
	ESCAPING_RECORDS /* unsafe ones that recio's records don't have */
};

/* The values that are set for an action.  Durations are milliseconds. */
struct settings {
	/*
	 * AT_FDCWD, or the descriptor of the directory that a log directory is
	 * in: then the last part of its name counts, and may be no link.
	 */
	int root;
	uint64_t size;         /* most bytes of current */
	uint64_t tolerance;    /* rotate at line ends so near the size */
	unsigned long number;  /* most files of a directory, current included */
	uint64_t total;        /* most bytes of archives, 0: no limit */
	uint64_t age;          /* of the oldest archive, 0: no limit */
	struct period period;  /* of a current, length 0: no limit */
	long keep;             /* archives on a full disk, -1: all */
	const char *processor; /* shell command, or NULL */
	const char *suffix;    /* of processed archives, or "" */
	unsigned int mode;     /* of current and archives */
	const char *prefix;    /* of lines, or "" */
	enum escaping escaping;
	size_t alert_size;   /* most bytes of an alert, 0: SCRIPT_SHOWN */
	size_t status_size;  /* of the file, 0: as the line needs it */
	int64_t sync;        /* fdatasync so often, 0: each batch, -1: not */
	uint64_t drop_after; /* input that nobody takes, 0: never */
	uint64_t retry;      /* what failed */
};

/* What is done to the lines of an output, besides the stamp. */
struct output_form {
	const char *prefix;
	enum escaping escaping;
};

struct action {
	enum action_kind kind;
	const char *text;         /* file or directory */
	struct regex *expression; /* of ..._ERE */
	/* Among the script's status files, directories or, the first, patterns.
	 */
	unsigned int index;
	unsigned int patterns_n;         /* of ACTION_PATTERNS */
	unsigned int form;               /* among the script's forms */
	const struct settings *settings; /* of actions that write lines */
};

struct script {
	uint64_t hash;         /* of the arguments */
	enum label_kind stamp; /* in front of every line */
	struct settings settings;
	struct action *actions;
	struct settings *all_settings; /* those of the actions */
	struct output_form forms[SCRIPT_FORMS];
	unsigned int forms_n;
	unsigned int actions_n;
	unsigned int alerts_n;
	unsigned int statuses_n;
	unsigned int directories_n;
	unsigned int forwards_n;  /* 1 or 0 */
	struct pattern *patterns; /* those of the actions */
	unsigned int patterns_n;
	const char *intake_path; /* NULL: the default, "": none */
	int ready;               /* descriptor, -1: none */
	unsigned int parsed;     /* directives so far */
	char error[SCRIPT_ERROR];
};

/* The outputs of a script, as bits. */
enum output_kind {
	OUTPUT_DIRECTORY = 1,
	OUTPUT_ALERT = 2,
	OUTPUT_STATUS = 4,
	OUTPUT_FORWARD = 8,
	OUTPUT_ANY = 15
};

struct directive {
	char letter;
	const char *syntax;
	const char *meaning;
	/*
	 * Parses a whole directive; NULL if set does.  Returns 1; 0 with
	 * script->error set; or -1 with errno set.  Of several directives with
	 * one letter, the first row's function parses all.
	 */
	int (*parse)(struct script *script, const char *directive);
	/*
	 * Parses a directive whose value goes to one member of the settings,
	 * which starts at their byte `member`.  Returns 1, or 0 as above.
	 */
	int (*set)(struct script *script, const char *directive, void *value);
	size_t member;
	/* Of several directives with one letter, in the first row: */
	unsigned int output;  /* what it writes to; 0: nothing */
	unsigned int acts_on; /* has an effect on these, if one follows */
};

/* The table, ended by a letter of 0. */
const struct directive *script_directives(void);

/* The first row with the letter that text begins with, or NULL. */
const struct directive *script_find_directive(const char *text);

/*
 * Parses the NULL-terminated argv, whose strings must outlive the script.
 * 1; 0 if a directive is wrong: script->error is a sentence that names it;
 * -1, errno set.  script_free gives back what any of them allocated.
 */
int script_parse(struct script *script, const char *const *argv);

/* Sets the root (struct settings) of all directories of the script. */
void script_set_root(struct script *script, int root);

/* Frees the memory of a script, of one that was refused too. */
void script_free(struct script *script);

/* What is set before the first directive: as multilog has it, if it does. */
void script_defaults(struct settings *settings);

#endif
