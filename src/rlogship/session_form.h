/*
 * The form of lines that rlogsess puts together: whole lines, whose stamps are
 * djb labels.
 */
#ifndef SESSION_FORM_H
#define SESSION_FORM_H

#include "rlogship/ship_form.h"

extern const struct ship_form session_form;

#endif
