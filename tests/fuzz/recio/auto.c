/* A protocol that is to be found out: two streams. */
#include "conversation.h"

static const struct login logins[] = {

    {"auto", {"<PASS " CANARY "\r\n", NULL}},
    {"auto", {"<AUTH PLAIN " CANARY "\r\n", NULL}},
    {"auto", {"<zz LOGIN user " CANARY "\r\n", NULL}},
    {"auto", {"<AUTHENTICATE \"PLAIN\" \"" CANARY "\"\r\n", NULL}},
    {"auto",
     {"<AUTH LOGIN\r\n" CANARY "\r\n" CANARY "\r\n",
      ">220 x\r\n334 u\r\n334 p\r\n", NULL}},
    {"any", {"<PASS " CANARY "\r\n", NULL}},
    {"any", {"<APOP user " CANARY "\r\n", NULL}},
    {"any", {"<zz LOGIN user " CANARY "\r\n", NULL}},
    {"any",
     {"<zz AUTHENTICATE LOGIN\r\n", ">\r\n+ u\r\n", "<" CANARY "\r\n", NULL}},
    {"any", {"<AUTH LOGIN\r\n", ">\r\n334 u\r\n", "<" CANARY "\r\n", NULL}},
    {"smtp", {"<AUTH PLAIN " CANARY "\r\n", NULL}},
    {"pop3", {"<PASS " CANARY "\r\n", NULL}},
    {"nntp", {"<AUTHINFO PASS " CANARY "\r\n", NULL}},
    {"imap", {"<zz LOGIN user " CANARY "\r\n", NULL}},
    {"sieve", {"<AUTHENTICATE \"PLAIN\" \"" CANARY "\"\r\n", NULL}},
    {NULL, {NULL}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return conversation("auto", logins, data, size);
}
