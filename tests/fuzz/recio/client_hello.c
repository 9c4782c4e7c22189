/*
 * The first bytes of a hostile client of TLS. What must hold: a name that is
 * found is one of a host, and stands in the bytes after their records' heads;
 * of fewer bytes the same name is found, or none.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recio/client_hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Reads a copy of its own size, so that reading beyond it is seen. */
static bool find_name(char name[CLIENT_HELLO_NAME], const uint8_t *data,
		      size_t size)
{
	char *copy = malloc(size ? size : 1);
	unsigned char random[CLEAR_RANDOM];
	bool found;

	require(copy != NULL);
	memcpy(copy, data, size);
	memset(name, 'x', CLIENT_HELLO_NAME);
	found = client_hello_name(name, copy, size);
	require(!found || client_hello_random(random, copy, size));
	free(copy);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[CLIENT_HELLO_NAME], less[CLIENT_HELLO_NAME];
	size_t len;

	if (!find_name(name, data, size))
		return 0;
	require(memchr(name, 0, sizeof name) != NULL);
	len = strlen(name);
	require(len > 0 && len == strspn(name, "abcdefghijklmnopqrstuvwxyz"
					       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					       "0123456789-_."));
	require(name[0] != '.' && name[len - 1] != '.' && !strstr(name, ".."));
	if (find_name(less, data, size - 1))
		require(strcmp(name, less) == 0);
	return 0;
}
