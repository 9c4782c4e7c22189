/*
 * The answer of a hostile server of UCSPI-TLS, after a byte with the size of
 * the pieces in which it comes. What must hold: the note is the same for every
 * size, has room, and is one that recio writes: version, cipher and name are
 * words.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recio/tls_variables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Reads pieces that have copies of their own, so that reading on is seen. */
static void write_note(char text[NOTE_MAX], const uint8_t *data, size_t size,
		       size_t piece)
{
	static struct tls_variables variables;
	char *copy;

	memset(&variables, 0, sizeof variables);
	for (size_t i = 0, n; i < size; i += n) {
		n = piece < size - i ? piece : size - i;
		copy = malloc(n);
		require(copy != NULL);
		memcpy(copy, data + i, n);
		tls_variables_read(&variables, copy, n);
		free(copy);
	}
	memset(text, 'x', NOTE_MAX);
	tls_variables_note(&variables, text);
}

/* Returns the end of the word after a blank, or NULL if there is none. */
static const char *skip_word(const char *text)
{
	size_t len = *text == ' '
			 ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz"
					    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					    "0123456789._:-")
			 : 0;

	return len > 0 ? text + 1 + len : NULL;
}

static bool is_note(const char *text)
{
	const char *name;

	if (strncmp(text, "TLS", 3) != 0)
		return false;
	if (!text[3])
		return true;
	text = skip_word(text + 3);
	text = text ? skip_word(text) : NULL;
	name = text ? skip_word(text) : NULL;
	text = name ? name : text;
	return text && (!*text || strncmp(text, ", client ", 9) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char whole[NOTE_MAX], pieces[NOTE_MAX];

	if (size < 1)
		return 0;
	write_note(whole, data + 1, size - 1, size);
	write_note(pieces, data + 1, size - 1, (size_t)*data + 1);
	require(memchr(whole, 0, sizeof whole) != NULL);
	require(strcmp(whole, pieces) == 0);
	require(is_note(whole));
	return 0;
}
