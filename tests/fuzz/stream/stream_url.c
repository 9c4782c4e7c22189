/*
 * URLs: what is accepted has parts that fit into requests and lines of a
 * protocol, and is printed as a text that is the same URL.
 */
#include "stream/stream_url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../unit/stream/print-url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool what)
{
	if (!what)
		abort();
}

static void check_word(const char *text)
{
	require(!strpbrk(text, " \"\\\t\r\n/%?#"));
	for (; *text; text++)
		require(*text > ' ' && *text < 0x7f);
}

static void check_url(const char *text, enum stream_url_use use)
{
	static struct stream_url url, again;
	static char printed[STREAM_URL_TEXT_MAX], twice[STREAM_URL_TEXT_MAX];

	if (stream_url_parse(&url, text, use))
		return;
	require(url.servers >= 1 && url.servers <= STREAM_URL_SERVERS);
	for (size_t i = 0; i < url.servers; i++) {
		check_word(url.server[i].host);
		require(url.server[i].port && *url.server[i].host);
	}
	check_word(url.stream);
	check_word(url.subject);
	require(*url.stream || url.scheme == STREAM_RELP);
	require(use != STREAM_URL_PUBLISH || !strpbrk(url.subject, "*>"));
	require(use != STREAM_URL_PUBLISH || *url.subject ||
		url.scheme == STREAM_RELP);
	print_url(printed, &url);
	require(!stream_url_parse(&again, printed, use));
	print_url(twice, &again);
	require(!strcmp(printed, twice));
	require(again.servers == url.servers && again.tls == url.tls &&
		!strcmp(again.subject, url.subject) &&
		!strcmp(again.stream, url.stream));
	stream_url_print_target(twice, &url);
	require(*twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	require(text != NULL);
	memcpy(text, data, size);
	text[size] = 0;
	check_url(text, STREAM_URL_PUBLISH);
	check_url(text, STREAM_URL_READ);
	free(text);
	return 0;
}
