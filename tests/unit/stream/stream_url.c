/* URLs of streams: parts, refusals with their reasons, and printing them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "print-url.h"
#include "stream/stream_url.h"

static struct stream_url url;

static void parse(const char *text, enum stream_url_use use)
{
	const char *why = stream_url_parse(&url, text, use);

	if (why)
		fail_msg("refused %s: %s", text, why);
}

static void parts(void **state)
{
	(void)state;
	parse("nats://n1,n2:5000,[::1]:77/RLOG/rlog.mx1.smtp",
	      STREAM_URL_PUBLISH);
	assert_int_equal(url.scheme, STREAM_NATS);
	assert_false(url.tls);
	assert_int_equal(url.servers, 3);
	assert_string_equal(url.server[0].host, "n1");
	assert_int_equal(url.server[0].port, 4222);
	assert_string_equal(url.server[1].host, "n2");
	assert_int_equal(url.server[1].port, 5000);
	assert_string_equal(url.server[2].host, "::1");
	assert_int_equal(url.server[2].port, 77);
	assert_string_equal(url.stream, "RLOG");
	assert_string_equal(url.subject, "rlog.mx1.smtp");
	parse("natss://n.example/S", STREAM_URL_READ);
	assert_true(url.tls);
	assert_string_equal(url.subject, "");
	parse("natss://n.example/S/rlog.*.smtp.>", STREAM_URL_READ);
	assert_string_equal(url.subject, "rlog.*.smtp.>");
	parse("relps://loghost", STREAM_URL_PUBLISH);
	assert_int_equal(url.scheme, STREAM_RELP);
	assert_true(url.tls);
	assert_int_equal(url.server[0].port, 2514);
}

static void refusals(void **state)
{
	static const struct {
		const char *text;
		enum stream_url_use use;
		const char *why; /* words of the reason */
	} bad[] = {
	    {"", STREAM_URL_PUBLISH, "begins with none"},
	    {"tls://n/S/s", STREAM_URL_PUBLISH, "begins with none"},
	    {"NATS://n/S/s", STREAM_URL_PUBLISH, "begins with none"},
	    {"nats://u:p@n/S/s", STREAM_URL_PUBLISH, "no user"},
	    {"nats://n/S/s.a@b", STREAM_URL_PUBLISH, "no @"},
	    {"nats://n/S/s.@.>", STREAM_URL_READ, "no @"},
	    {"nats://", STREAM_URL_PUBLISH, "HOST"},
	    {"nats:///S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://n,,m/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://n,/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://n:/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://n:0/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://n:65536/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://n:12345678901/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://n:4x/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://-n/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://n m/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://[::1/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://[::1]x/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://[n]/S/s", STREAM_URL_PUBLISH, "HOST"},
	    {"nats://n", STREAM_URL_PUBLISH, "stream is missing"},
	    {"nats://n/", STREAM_URL_PUBLISH, "stream's name"},
	    {"nats://n/S.T/s", STREAM_URL_PUBLISH, "stream's name"},
	    {"nats://n/S\"/s", STREAM_URL_PUBLISH, "stream's name"},
	    {"nats://n/S", STREAM_URL_PUBLISH, "subject is missing"},
	    {"nats://n/S/", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a..b", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a.", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/.a", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a.*", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/>", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a\"b", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a\\b", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a b", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a\r\nb", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/\xc3\xa4", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/$JS.API.x", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a?b", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a/b", STREAM_URL_PUBLISH, "a subject"},
	    {"nats://n/S/a.>.b", STREAM_URL_READ, "a filter"},
	    {"nats://n/S/a*", STREAM_URL_READ, "a filter"},
	    {"nats://n/S/a.b>", STREAM_URL_READ, "a filter"},
	    {"relp://n", STREAM_URL_READ, "can be read"},
	    {"relp://n/", STREAM_URL_PUBLISH, "nothing follows"},
	    {"relp://n/S/s", STREAM_URL_PUBLISH, "nothing follows"},
	    {"nats://1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17/S/s",
	     STREAM_URL_PUBLISH, "too many"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *why =
		    stream_url_parse(&url, bad[i].text, bad[i].use);

		if (!why)
			fail_msg("accepted: %s", bad[i].text);
		if (!strstr(why, bad[i].why))
			fail_msg("%s: %s", bad[i].text, why);
	}
}

/* The longest parts fit, and one byte more is refused. */
static void limits(void **state)
{
	char text[1024], host[STREAM_URL_HOST_MAX + 1],
	    subject[STREAM_URL_SUBJECT_MAX + 1];

	(void)state;
	memset(host, 'h', sizeof host);
	memset(subject, 's', sizeof subject);
	for (int longer = 0; longer < 2; longer++) {
		host[STREAM_URL_HOST_MAX - 1 + longer] = 0;
		snprintf(text, sizeof text, "nats://%s/S/s", host);
		assert_int_equal(
		    !stream_url_parse(&url, text, STREAM_URL_PUBLISH), !longer);
		subject[STREAM_URL_SUBJECT_MAX - 1 + longer] = 0;
		snprintf(text, sizeof text, "nats://h/S/%s", subject);
		assert_int_equal(
		    !stream_url_parse(&url, text, STREAM_URL_PUBLISH), !longer);
		snprintf(text, sizeof text, "nats://h/%s/s", subject);
		assert_int_equal(
		    !stream_url_parse(&url, text, STREAM_URL_PUBLISH), !longer);
		host[STREAM_URL_HOST_MAX - 1 + longer] = 'h';
		subject[STREAM_URL_SUBJECT_MAX - 1 + longer] = 's';
	}
}

static void printing(void **state)
{
	static const char *const rows[][3] = {
	    {"nats://n1,n2:5/S/a.b", "nats://n1:4222,n2:5/S/a.b", "S/a.b"},
	    {"natss://[::1]/S", "natss://[::1]:4222/S", "S"},
	    {"relp://n", NULL, NULL}};
	char text[STREAM_URL_TEXT_MAX];

	(void)state;
	for (size_t i = 0; rows[i][1]; i++) {
		parse(rows[i][0], STREAM_URL_READ);
		print_url(text, &url);
		assert_string_equal(text, rows[i][1]);
		stream_url_print_target(text, &url);
		assert_string_equal(text, rows[i][2]);
	}
	parse("relps://a,[fe80::1]:3", STREAM_URL_PUBLISH);
	print_url(text, &url);
	assert_string_equal(text, "relps://a:2514,[fe80::1]:3");
	stream_url_print_target(text, &url);
	assert_string_equal(text, "a:2514");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts),
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(printing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
