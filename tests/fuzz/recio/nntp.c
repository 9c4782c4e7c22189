/* NNTP: two streams. */
#include "conversation.h"

static const struct login logins[] = {

    {"nntp", {"<AUTHINFO PASS " CANARY "\r\n", NULL}},
    {"nntp",
     {"<authinfo user u\r\nauthinfo\tpass " CANARY " " CANARY "\n", NULL}},
    {"nntp",
     {"<AUTHINFO USER u\r\n", ">\r\n381 p\r\n", "<AUTHINFO PASS " CANARY "\r\n",
      NULL}},
    {"nntp", {"<AUTHINFO SASL PLAIN " CANARY "\r\n", NULL}},
    {"nntp",
     {"<AUTHINFO SASL LOGIN\r\n", ">\r\n383 VXNlcm5hbWU6\r\n",
      "<" CANARY "\r\n", ">383 =\r\n", "<" CANARY "\r\n", NULL}},
    {"nntp",
     {"<AUTHINFO SASL LOGIN\r\n", ">\r\n281 ok\r\n", "<" CANARY "\r\n", NULL}},
    {"nntp",
     {"<AUTHINFO SIMPLE\r\n", ">\r\n350 go\r\n", "<u " CANARY "\r\n", NULL}},
    {NULL, {NULL}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return conversation("nntp", logins, data, size);
}
