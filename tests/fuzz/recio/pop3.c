/* POP3: two streams. */
#include "conversation.h"

static const struct login logins[] = {

    {"pop3", {"<PASS " CANARY "\r\n", NULL}},
    {"pop3", {"<USER u\r\npass\t" CANARY " " CANARY "\n", NULL}},
    {"pop3", {"<APOP user " CANARY "\r\n", NULL}},
    {"pop3", {"<AUTH PLAIN " CANARY "\r\n", NULL}},
    {"pop3",
     {"<AUTH LOGIN\r\n", ">\r\n+ VXNlcm5hbWU6\r\n", "<" CANARY "\r\n",
      ">+ \r\n", "<" CANARY "\r\n", NULL}},
    {"pop3", {"<AUTH LOGIN\r\n", ">\r\n+OK\r\n", "<" CANARY "\r\n", NULL}},
    {NULL, {NULL}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return conversation("pop3", logins, data, size);
}
