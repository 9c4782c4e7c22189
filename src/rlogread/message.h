/* What rlogread tells its user, and how it ends. */
#ifndef RLOGREAD_MESSAGE_H
#define RLOGREAD_MESSAGE_H

#include <stdbool.h>

#include "source.h"

/* Says it on descriptor 2; what only -v wants is said if verbose. */
void message_tell(const struct source_notice *notice, bool verbose);

#endif
