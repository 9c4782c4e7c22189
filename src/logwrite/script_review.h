/*
 * Reviews a script that is valid: finds directives without an effect, and
 * limits of archives that defeat each other whatever the input is.
 */
#ifndef SCRIPT_REVIEW_H
#define SCRIPT_REVIEW_H

#include "logwrite/script.h"

enum { SCRIPT_REVIEW_TEXT = 512 };

/*
 * Passes a sentence, shorter than SCRIPT_REVIEW_TEXT, to warn for each of:
 *
 *   a directive that no output follows on which it acts
 *   A, where R makes more archives in that time than n keeps
 *   S, where it is smaller than each archive that s makes
 *
 * argv are the arguments from which the script was parsed.
 */
void script_review(const struct script *script, const char *const *argv,
		   void (*warn)(const char *sentence));

#endif
