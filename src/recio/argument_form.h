/*
 * The forms that the arguments of commands can have; grammar.h lists their
 * letters.
 */
#ifndef ARGUMENT_FORM_H
#define ARGUMENT_FORM_H

#include <stdbool.h>
#include <stddef.h>

/* Returns the length of the argument of this form at at, or 0. The bytes after
 * it do not matter. */
size_t argument_form_fit(char letter, const char *at, size_t len);

/*
 * For g and the like: how much of this is words, strings and lists; less than
 * len if something else follows, and then only whole words.
 */
size_t argument_form_fit_general(const char *at, size_t len);

/*
 * Sets *shown to the number of bytes that this letter shows of those that
 * argument_form_fit_general takes. literal: one follows; rest: they follow one.
 * Returns false if they do not have the letter's form.
 */
bool argument_form_show_general(char letter, const char *at, size_t len,
				bool literal, bool rest, size_t *shown);

/* The length of a quoted string, with its quotes; 0 if it has no end. */
size_t argument_form_fit_quoted(const char *at, size_t len);

/* Between arguments stand spaces and tabs. */
size_t argument_form_blanks(const char *at, size_t len);

/* True if the byte is a letter of ASCII, whatever the locale is. */
bool argument_form_letter(char byte);

/* True if the byte is a digit of ASCII, whatever the locale is. */
bool argument_form_digit(char byte);

/* Returns a letter of ASCII in upper case, and any other byte as it is. */
char argument_form_upper(char byte);

/* True if these bytes are name, which is in upper case, in any case. */
bool argument_form_is(const char *at, size_t len, const char *name);

/* All of these bytes are printable ASCII, without blanks. */
bool argument_form_is_word(const char *at, size_t len);

#endif
