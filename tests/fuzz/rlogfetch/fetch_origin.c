/*
 * The header with the origin, and what else names a place: an origin is two
 * names below a directory, a mark that is read is the mark that is written.
 */
#include "rlogfetch/fetch_origin.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rlogfetch/fetch_mark.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool what)
{
	if (!what)
		abort();
}

static void check_part(const char *part)
{
	require(*part && strlen(part) < LOG_NAME_MAX);
	require(*part != '.' && *part != '-');
	for (; *part; part++)
		require(*part > ' ' && *part < 0x7f && *part != '/' &&
			*part != '\\');
}

static void check_origin(const char *text)
{
	struct fetch_origin origin, again;
	char name[FETCH_ORIGIN_TEXT];

	if (!fetch_origin_parse(&origin, text))
		return;
	check_part(origin.host);
	check_part(origin.name);
	fetch_origin_format(name, &origin);
	require(!strcmp(name, text));
	require(fetch_origin_parse(&again, name));
	require(fetch_origin_is_same(&origin, &again));
}

static void check_mark(const unsigned char bytes[RING_MARK])
{
	unsigned char packed[RING_MARK], twice[RING_MARK];
	struct fetch_mark mark, again;

	if (!fetch_mark_unpack(&mark, bytes))
		return;
	fetch_mark_pack(packed, &mark);
	require(fetch_mark_unpack(&again, packed));
	fetch_mark_pack(twice, &again);
	require(!memcmp(packed, twice, sizeof packed));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char bytes[RING_MARK] = {0};
	char *text = malloc(size + 1);

	require(text != NULL);
	memcpy(text, data, size);
	text[size] = 0;
	check_origin(text);
	memcpy(bytes, data, size < sizeof bytes ? size : sizeof bytes);
	check_mark(bytes);
	free(text);
	return 0;
}
