/* A script, a directive a line: parsed and reviewed, or refused with a reason.
 */
#include "logwrite/script_review.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DIRECTIVES = 64, FEW = 5 };

/*
 * What regcomp makes of many repetitions has no bound, and is the C library's
 * affair; who writes the script is trusted.
 */
static int repeats(const char *text)
{
	int n = 0;

	if (*text != '~')
		return 0;
	while ((text = strpbrk(text, "*+?{")))
		n += *text++ == '{' ? FEW : 1;
	return n > FEW;
}

static void check_sentence(const char *sentence)
{
	if (!*sentence || strlen(sentence) >= SCRIPT_REVIEW_TEXT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *argv[DIRECTIVES + 1];
	struct script script;
	char *text, *rest, *directive;
	size_t n = 0;
	int r;

	text = rest = strndup((const char *)data, size);
	if (!text)
		abort();
	while (n < DIRECTIVES && (directive = strsep(&rest, "\n")))
		if (!repeats(directive))
			argv[n++] = directive;
	argv[n] = NULL;
	r = script_parse(&script, argv);
	if (r < 0 || (r == 0) != (script.error[0] != 0))
		abort();
	if (r > 0)
		script_review(&script, argv, check_sentence);
	script_free(&script);
	free(text);
	return 0;
}
