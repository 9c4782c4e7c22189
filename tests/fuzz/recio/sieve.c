/* ManageSieve: two streams. */
#include "conversation.h"

static const struct login logins[] = {

    {"sieve", {"<AUTHENTICATE \"PLAIN\" \"" CANARY "\"\r\n", NULL}},
    {"sieve", {"<authenticate \"plain\" {8+}\r\n" CANARY "\r\n", NULL}},
    {"sieve",
     {"<AUTHENTICATE \"LOGIN\"\r\n", ">\r\n\"VXNlcm5hbWU6\"\r\n",
      "<\"" CANARY "\"\r\n", ">{4}\r\nUGFz\r\n", "<{8+}\r\n" CANARY "\r\n",
      NULL}},
    {"sieve",
     {"<AUTHENTICATE \"PLAIN\" \"x\"\r\nAUTHENTICATE \"LOGIN\"\r\n",
      ">\r\nOK\r\n\"VXNlcm5hbWU6\"\r\n", "<\"" CANARY "\"\r\n", NULL}},
    /* No login, but a refused literal that ends where a command stands. */
    {"sieve",
     {"<CHECKSCRIPT {28+}\r\n# not\r\n# taken\r\n", ">NO\r\n",
      "<the " CANARY "NOOP\r\n", NULL}},
    {NULL, {NULL}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return conversation("sieve", logins, data, size);
}
