/*
 * Names in arguments of commands that are shown. A name that is missing here is
 * hidden, so that lists are wide rather than exact.
 * Tested by tests/unit/recio/argument_form.c.
 */
#include "recio/known_names.h"

#include <stddef.h>

/* Registered names, and some that are widely used without. */
const char *const names_mechanisms[] = {
    "PLAIN",
    "LOGIN",
    "CRAM-MD5",
    "CRAM-SHA1",
    "CRAM-SHA256",
    "DIGEST-MD5",
    "SCRAM-MD5",
    "SCRAM-SHA-1",
    "SCRAM-SHA-224",
    "SCRAM-SHA-256",
    "SCRAM-SHA-384",
    "SCRAM-SHA-512",
    "SCRAM-SHA3-512",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-512-PLUS",
    "SCRAM-SHA3-512-PLUS",
    "NTLM",
    "GSSAPI",
    "GSS-SPNEGO",
    "GS2-KRB5",
    "GS2-KRB5-PLUS",
    "EXTERNAL",
    "ANONYMOUS",
    "OAUTHBEARER",
    "XOAUTH",
    "XOAUTH2",
    "OPENID20",
    "SAML20",
    "SAML20EC",
    "OTP",
    "SKEY",
    "SECURID",
    "KERBEROS_V4",
    "KERBEROS_V5",
    "RPA",
    "SPA",
    "MSN",
    "APOP",
    "NMAS_LOGIN",
    "NMAS_AUTHEN",
    "PASSDSS-3DES-1",
    "9798-U-RSA-SHA1-ENC",
    "ECDSA-NIST256P-CHALLENGE",
    "EAP-AES128",
    "EAP-AES128-PLUS",
    "DOVECOT-TOKEN",
    "LOGIN-TOKEN",
    "XAPPLETOKEN",
    "X-TOKEN",
    "HT-SHA-256-NONE",
    NULL,
};

/* Of MAIL and RCPT; each can have a value. */
const char *const names_parameters[] = {
    "SIZE",      "BODY",        "SMTPUTF8",   "RET",          "ENVID",
    "AUTH",      "NOTIFY",      "ORCPT",      "BY",           "HOLDFOR",
    "HOLDUNTIL", "MT-PRIORITY", "REQUIRETLS", "TRANSID",      "CONPERM",
    "CONNEG",    "SOLICIT",     "RRVS",       "XVERP",        "VERP",
    "XOORG",     "XORIGFROM",   "XSHADOW",    "XRCPTFORWARD", NULL,
};

/* Of XCLIENT and XFORWARD. */
const char *const names_attributes[] = {
    "NAME",  "ADDR",     "PORT",     "PROTO",    "HELO",
    "LOGIN", "DESTADDR", "DESTPORT", "IDENT",    "SOURCE",
    "TTL",   "SESSION",  "TIMEOUT",  "DESTNAME", "CLIENT-TRANSPORT",
    NULL,
};

/* Of PROXY. */
const char *const names_proxied[] = {"TCP4", "TCP6", "UNKNOWN", NULL};

/* Of ID's values. */
const char *const names_fields[] = {
    "NAME",
    "VERSION",
    "OS",
    "OS-VERSION",
    "VENDOR",
    "SUPPORT-URL",
    "ADDRESS",
    "DATE",
    "COMMAND",
    "X-ORIGINATING-IP",
    "X-ORIGINATING-PORT",
    "X-CONNECTED-IP",
    "X-CONNECTED-PORT",
    "X-CONNECTED-NAME",
    "X-PROXY-TTL",
    "X-SESSION-ID",
    "X-SESSION-EXT-ID",
    NULL,
};

/* Of APPEND, outside of lists of flags. */
const char *const names_parts[] = {"CATENATE", "TEXT", "UTF8", NULL};
