/* The form syslog: messages of RFC 5424, each of them ended by a newline. */
#ifndef SYSLOG_FORM_H
#define SYSLOG_FORM_H

#include "rlogship/ship_form.h"

extern const struct ship_form syslog_form;

#endif
