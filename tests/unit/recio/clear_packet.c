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
	head.kind = CLEAR_LOSS + 1;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(heads),
	    cmocka_unit_test(valid_facts),
	    cmocka_unit_test(invalid_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
