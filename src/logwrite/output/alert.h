/*
 * Alerts: lines that go to standard error (e).  An alert that standard error
 * does not take at once is lost, as multilog's are: it holds up nothing.
 */
#ifndef ALERT_H
#define ALERT_H

#include "logwrite/output/log_output.h"

/* Makes an output of the alerts, which go to descriptor 2. */
void alert_init(struct log_output *output);

#endif
