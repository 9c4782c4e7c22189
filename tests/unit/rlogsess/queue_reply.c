/* The IDs in replies. */
#include "rlogsess/trace/queue_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static void qps(void **state)
{
	static const struct {
		const char *reply;
		uint64_t qp;
	} row[] = {
	    {"250 ok 1795212001 qp 4720", 4720},
	    {"250 ok 1795212001 qp 4720\r", 4720},
	    {"250 Queued! 1795212001 qp 4720 <a@b>", 4720},
	    {"250 ok 1 qp 1 then qp 2", 2},
	    {"250 ok", 0},
	    {"250 ok qp", 0},
	    {"250 ok qp x", 0},
	    {"250 ok qp 4720x", 0},
	    {"250 okqp 4720", 0},
	    {"250 ok qp 18446744073709551616", 0},
	    {"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (queue_reply_qp(slice_of(row[i].reply)) != row[i].qp)
			fail_msg("%s", row[i].reply);
}

static void ids(void **state)
{
	static const struct {
		const char *reply, *ends, *id;
	} row[] = {
	    {"250 OK id=1tABcd-000000001XY-2aBc", "\t",
	     "1tABcd-000000001XY-2aBc"},
	    {"250 2.0.0 Ok: queued as 4F9D195432C", "\t", "4F9D195432C"},
	    {"250 2.0.0 Ok: queued as 4F9D195432C.", "\t", "4F9D195432C"},
	    {"250 2.0.0 uAKA0000 Message accepted for delivery", "\t",
	     "uAKA0000"},
	    {"250 2.0.0 from MTA: 250 2.0.0 Ok: queued as A, queued as B", "\t",
	     "B"},
	    {"192.0.2.9_accepted_message./Remote_host_said:_250_2.0.0_Ok:_"
	     "queued_as_4F9D195432C/",
	     "_/", "4F9D195432C"},
	    {"x_accepted_message./Remote_host_said:_250_OK_id=1a-2b-3c/", "_/",
	     "1a-2b-3c"},
	    {"x/Remote_host_said:_250_2.0.0_uAKA_Message_accepted_for_"
	     "delivery/",
	     "_/", "uAKA"},
	    {"250 ok 1795212001 qp 4720", "\t", ""},
	    {"250 OK id=", "\t", ""},
	    {"250 OK queued as ", "\t", ""},
	    {"250 OK queued as", "\t", ""},
	    {" Message accepted for delivery", "\t", ""},
	    {"", "\t", ""},
	};
	char id[64];

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		slice_copy(queue_reply_id(slice_of(row[i].reply), row[i].ends),
			   id, sizeof id);
		if (strcmp(id, row[i].id) != 0)
			fail_msg("%s: %s", row[i].reply, id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(qps),
	    cmocka_unit_test(ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
