/*
 * The review of a script.  It reads the arguments once more, since the script
 * keeps only the settings of its outputs, and the user knows the directives by
 * their text.  Only what follows from the directives alone is reported: how
 * much input there will be is not known.
 */
#include "logwrite/script_review.h"

#include <stdarg.h>
#include <stdio.h>

enum { LETTERS = 256 };

struct review {
	const struct action *directory; /* the next that an argument names */
	const char *last[LETTERS];      /* the last directive with the letter */
	void (*warn)(const char *sentence);
};

__attribute__((format(printf, 2, 3))) static void
warn_of(const struct review *review, const char *format, ...)
{
	char sentence[SCRIPT_REVIEW_TEXT];
	va_list list;

	va_start(list, format);
	vsnprintf(sentence, sizeof sentence, format, list);
	va_end(list);
	review->warn(sentence);
}

static bool output_follows(const char *const *argv, unsigned int acts_on)
{
	for (; *argv; argv++)
		if (script_find_directive(*argv)->output & acts_on)
			return true;
	return false;
}

static const char *name_output(unsigned int acts_on)
{
	if (acts_on & OUTPUT_FORWARD)
		return "output";
	if (acts_on & OUTPUT_DIRECTORY)
		return "directory";
	return acts_on & OUTPUT_ALERT ? "alert" : "status file";
}

/* The text of the last directive with the letter, or of its default. */
static const char *last_text(const struct review *review, char letter,
			     const char *otherwise)
{
	const char *text = review->last[(unsigned char)letter];

	return text ? text : otherwise;
}

/* R makes an archive in each of its periods as long as lines are written. */
static void review_age(const struct review *review, const char *name,
		       const struct settings *settings)
{
	const uint64_t period = settings->period.length;
	uint64_t archives;

	if (!settings->age || !period)
		return;
	archives = (settings->age + period - 1) / period;
	if (settings->number > archives)
		return;
	warn_of(review,
		"directive %.40s has no effect on %.200s: %.40s keeps fewer "
		"archives than %.40s makes in that time: use n%llu",
		last_text(review, 'A', ""), name, last_text(review, 'n', "n10"),
		last_text(review, 'R', ""), (unsigned long long)archives + 1);
}

/* Without R and without a command the archives are as large as s says. */
static void review_total(const struct review *review, const char *name,
			 const struct settings *settings)
{
	if (!settings->total || settings->period.length ||
	    settings->processor ||
	    settings->total > settings->size - settings->tolerance)
		return;
	warn_of(review,
		"directive %.40s leaves no archive in %.200s: each has up to "
		"%llu bytes: use at least S%llu",
		last_text(review, 'S', ""), name,
		(unsigned long long)settings->size,
		(unsigned long long)settings->size);
}

static void review_directory(struct review *review)
{
	while (review->directory->kind != ACTION_DIRECTORY)
		review->directory++;
	review_age(review, review->directory->text,
		   review->directory->settings);
	review_total(review, review->directory->text,
		     review->directory->settings);
	review->directory++;
}

void script_review(const struct script *script, const char *const *argv,
		   void (*warn)(const char *sentence))
{
	struct review review = {.directory = script->actions, .warn = warn};

	for (; *argv; argv++) {
		const struct directive *known = script_find_directive(*argv);

		review.last[(unsigned char)**argv] = *argv;
		if (known->output == OUTPUT_DIRECTORY)
			review_directory(&review);
		if (known->acts_on && !output_follows(argv, known->acts_on))
			warn_of(&review,
				"directive %.200s has no effect: no %s follows "
				"it",
				*argv, name_output(known->acts_on));
	}
}
