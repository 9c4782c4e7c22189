/* SMTP, and LMTP by LHLO: two streams. */
#include "conversation.h"

static const struct login logins[] = {

    {"smtp", {"<AUTH PLAIN " CANARY "\r\n", NULL}},
    {"smtp", {"<auth  login\t" CANARY "\n", NULL}},
    {"smtp", {"<AUTH PLAIN\r\n", ">\r\n334 \r\n", "<" CANARY "\r\n", NULL}},
    {"smtp",
     {"<AUTH LOGIN\r\n", ">\r\n334 VXNlcm5hbWU6\r\n", "<" CANARY "\r\n",
      ">334 UGFzc3dvcmQ6\r\n", "<" CANARY "\r\n", NULL}},
    {"smtp",
     {"<AUTH LOGIN\r\n" CANARY "\r\n" CANARY "\r\n", ">\r\n334 u\r\n334 p\r\n",
      NULL}},
    {"smtp",
     {"<AUTH LOGIN\r\n" CANARY "\r\n" CANARY "\r\n", ">\r\n504 no\r\n", NULL}},
    {"smtp",
     {"<AUTH LOGIN\r\n", ">\r\n235 ok\r\n", "<" CANARY "\r\n" CANARY "\r\n",
      NULL}},
    /* No login, but a refused chunk that ends where a command stands. */
    {"smtp",
     {"<BDAT 28\r\nSubject: one\r\n\r\n", ">503 no\r\n",
      "<the " CANARY "RSET\r\n", NULL}},
    {NULL, {NULL}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return conversation("smtp", logins, data, size);
}
