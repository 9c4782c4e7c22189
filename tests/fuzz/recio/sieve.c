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
    {NULL, {NULL}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return conversation("sieve", logins, data, size);
}
