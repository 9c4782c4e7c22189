/* IMAP: two streams. */
#include "conversation.h"

static const struct login logins[] = {

    {"imap", {"<zz LOGIN user " CANARY "\r\n", NULL}},
    {"imap", {"<zz login \"us er\" \"" CANARY "\"\n", NULL}},
    {"imap",
     {"<zz LOGIN {4}\r\n", ">\r\n+ ok\r\n", "<user {8}\r\n", ">+ ok\r\n",
      "<" CANARY "\r\n", NULL}},
    {"imap", {"<zz LOGIN {4+}\r\nuser {8+}\r\n" CANARY "\r\n", NULL}},
    {"imap", {"<zz AUTHENTICATE PLAIN " CANARY "\r\n", NULL}},
    {"imap",
     {"<zz AUTHENTICATE LOGIN\r\n", ">\r\n+ VXNlcm5hbWU6\r\n",
      "<" CANARY "\r\n", ">+ \r\n", "<" CANARY "\r\n", NULL}},
    {"imap",
     {"<zz LOGIN {4}\r\nuser {9}\r\n" CANARY " " CANARY "\r\n",
      ">\r\nzz NO\r\n", NULL}},
    {"imap",
     {"<zy AUTHENTICATE PLAIN x\r\nzz AUTHENTICATE LOGIN\r\n",
      ">\r\nzy OK\r\n+ u\r\n", "<" CANARY "\r\n", NULL}},
    /* No login, but a refused literal that ends where a command stands. */
    {"imap",
     {"<q APPEND x {28+}\r\nSubject: one\r\n\r\n", ">q BAD no\r\n",
      "<the " CANARY "q NOOP\r\n", NULL}},
    {NULL, {NULL}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return conversation("imap", logins, data, size);
}
