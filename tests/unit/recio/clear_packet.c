/* Which packets are valid, and what a CLEAR_HELLO says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recio/clear_packet.h"

static struct clear_packet packet;

/* Reads a copy of its own size, so that reading beyond it is seen. */
static bool is_valid(const struct clear_head *head, const void *payload,
		     size_t len)
{
	static char *copy;

	free(copy);
	copy = malloc(sizeof *head + len);
	assert_non_null(copy);
	memcpy(copy, head, sizeof *head);
	memcpy(copy + sizeof *head, payload, len);
	return clear_packet_read(&packet, copy, sizeof *head + len);
}

static void heads(void **state)
{
	static char most[CLEAR_DATA_MAX + 1];
	struct clear_head head = {.kind = CLEAR_DATA};

	(void)state;
	for (size_t len = 0; len < sizeof head; len++)
		assert_false(
		    clear_packet_read(&packet, (const char *)&head, len));
	assert_false(is_valid(&head, "", 0));
	assert_true(is_valid(&head, "x", 1));
	assert_int_equal(packet.len, 1);
	assert_int_equal(*packet.payload, 'x');
	assert_true(is_valid(&head, most, CLEAR_DATA_MAX));
	assert_false(is_valid(&head, most, CLEAR_DATA_MAX + 1));
	head.dir = 2;
	assert_false(is_valid(&head, "x", 1));
	head.dir = 1;
	head.by_descriptor = 2;
	assert_false(is_valid(&head, "x", 1));
	head.by_descriptor = 1;
	head.kind = CLEAR_CONTENT + 1;
	assert_false(is_valid(&head, "x", 1));
	head.kind = CLEAR_LOADED;
	assert_false(is_valid(&head, "x", 1));
	assert_true(is_valid(&head, "", 0));
}

static bool has_facts(struct tls_facts *facts, const char *payload, size_t len)
{
	const struct clear_head head = {.kind = CLEAR_HELLO};

	return is_valid(&head, payload, len) &&
	       clear_packet_facts(facts, &packet);
}

#define FACTS(facts, text) has_facts(facts, text, sizeof(text) - 1)

static void valid_facts(void **state)
{
	struct tls_facts facts;

	(void)state;
	assert_true(FACTS(&facts, "TLSv1.3\0A_B-1\0mx.example.org\0CN=a, b\0"));
	assert_string_equal(facts.version, "TLSv1.3");
	assert_string_equal(facts.cipher, "A_B-1");
	assert_string_equal(facts.server_name, "mx.example.org");
	assert_string_equal(facts.client, "CN=a, b");
	assert_true(FACTS(&facts, "v\0c\0\0\0"));
	assert_string_equal(facts.server_name, "");
	assert_string_equal(facts.client, "");
	/* A client may send any name. */
	assert_true(FACTS(&facts, "v\0c\0a b\0\0"));
	assert_string_equal(facts.server_name, "");
	assert_true(FACTS(&facts, "v\0c\0a\n\0\0"));
	assert_string_equal(facts.server_name, "");
}

static void invalid_facts(void **state)
{
	struct tls_facts facts;
	struct clear_head head = {.kind = CLEAR_DATA};

	(void)state;
	assert_false(FACTS(&facts, "v\0c\0\0"));
	assert_false(FACTS(&facts, "v\0c\0\0s"));
	assert_false(FACTS(&facts, "v\0c\0\0\0\0"));
	assert_false(FACTS(&facts, "\0c\0\0\0"));
	assert_false(FACTS(&facts, "v\0\0\0\0"));
	assert_false(FACTS(&facts, "a b\0c\0\0\0"));
	assert_false(FACTS(&facts, "v\0c,\0\0\0"));
	assert_true(is_valid(&head, "v\0c\0\0\0", 6));
	assert_false(clear_packet_facts(&facts, &packet));
}

static bool has_content(uint64_t bytes, uint64_t lines)
{
	const struct clear_head head = {.kind = CLEAR_CONTENT};
	const struct clear_content sent = {bytes, lines, "xy", {0}};
	struct clear_content content = {0};

	assert_true(is_valid(&head, &sent, sizeof sent));
	if (!clear_packet_content(&content, &packet))
		return false;
	assert_int_equal(content.bytes, bytes);
	assert_int_equal(content.lines, lines);
	assert_memory_equal(content.last, "xy", 2);
	return true;
}

static void contents(void **state)
{
	const struct clear_content sent = {300, 3, "xy", {0}};
	struct clear_head head = {.kind = CLEAR_CONTENT};
	struct clear_content content;

	(void)state;
	assert_true(has_content(300, 3));
	assert_true(has_content(300, 298));
	assert_false(has_content(300, 299));
	assert_false(has_content(2, 0));
	assert_false(has_content(0, 0));
	assert_false(has_content(UINT64_MAX, 0));
	assert_false(is_valid(&head, &sent, sizeof sent - 1));
	head.kind = CLEAR_DATA;
	assert_true(is_valid(&head, &sent, sizeof sent));
	assert_false(clear_packet_content(&content, &packet));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(heads),
	    cmocka_unit_test(valid_facts),
	    cmocka_unit_test(invalid_facts),
	    cmocka_unit_test(contents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
