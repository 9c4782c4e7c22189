/* Which bytes of a FETCH response are part of a message: shown as '#'. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recio/dialect/fetch_items.h"

static void check(const char *response, const char *want)
{
	struct fetch_items f = {0};
	char got[128];
	size_t i;

	for (i = 0; response[i]; i++)
		got[i] = fetch_items_byte(&f, response[i]) ? '#' : response[i];
	got[i] = 0;
	assert_string_equal(got, want);
}

static void bodies(void **state)
{
	(void)state;
	check(" (BODY[] \"ab\" UID 1)", " (BODY[] \"##\" UID 1)");
	check(" (body[text] \"ab\")", " (body[text] \"##\")");
	check(" (BINARY[1.2] \"ab\")", " (BINARY[1.2] \"##\")");
	check(" (RFC822.TEXT \"ab\")", " (RFC822.TEXT \"##\")");
	check(" (BODY[1]<0> \"ab\")", " (BODY[1]<0> \"##\")");
	check(" (BODY[] \"a\\\"b\\\\\" X)", " (BODY[] \"######\" X)");
	check(" (BODY[] \"\" BODY[1] \"a)b\")",
	      " (BODY[] \"\" BODY[1] \"###\")");
}

static void items_without_a_body(void **state)
{
	(void)state;
	check(" (BODY (\"text\" \"plain\"))", " (BODY (\"text\" \"plain\"))");
	check(" (BODYSTRUCTURE \"ab\")", " (BODYSTRUCTURE \"ab\")");
	check(" (ENVELOPE (\"BODY[] \" \"ab\"))",
	      " (ENVELOPE (\"BODY[] \" \"ab\"))");
	check(" (BINARY.SIZE[1] \"ab\")", " (BINARY.SIZE[1] \"ab\")");
	check(" (BODY[] NIL FLAGS (\"ab\"))", " (BODY[] NIL FLAGS (\"ab\"))");
}

/* Names in a section are none of items, quoted or not. */
static void sections(void **state)
{
	(void)state;
	check(" (BODY[HEADER.FIELDS (TO \"X\")] \"ab\" UID \"c\")",
	      " (BODY[HEADER.FIELDS (TO \"X\")] \"##\" UID \"c\")");
	check(" (BODY[HEADER.FIELDS (\"a b]\" TO)] \"ab\")",
	      " (BODY[HEADER.FIELDS (\"a b]\" TO)] \"##\")");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bodies),
	    cmocka_unit_test(items_without_a_body),
	    cmocka_unit_test(sections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
