/*
 * A mark that is read is the mark that is written; and the header with the name
 * of a log is two names below a directory.
 */
#include "rlogfetch/fetch_mark.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stream/log_name.h"

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
	struct log_name origin, again;
	char name[LOG_NAME_TEXT];

	if (!log_name_parse(&origin, text))
		return;
	check_part(origin.host);
	check_part(origin.name);
	log_name_format(name, &origin);
	require(!strcmp(name, text));
	require(log_name_parse(&again, name));
	require(log_name_is_same(&origin, &again));
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
