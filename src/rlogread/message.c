/* Messages; see message.h. */
#include "rlogread/message.h"

#include <skalibs/strerr.h>

#include "notice.h"

void message_tell(const struct source_notice *n, bool verbose)
{
	char text[NOTICE_MAX];

	if (notice_text(text, n, verbose))
		strerr_warnw(text);
}
