/*
 * Screens.  The locale is asked for its character set and not set, since
 * setlocale would change the meaning of other functions, such as regular
 * expressions.  A program without the data of its locale, as one that is linked
 * statically, draws in ASCII.
 */
#include "base/screen.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

static bool has_utf8_locale(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	const char *set;
	bool utf8;

	if (!locale)
		return false;
	set = nl_langinfo_l(CODESET, locale);
	utf8 = strcmp(set, "UTF-8") == 0 || strcmp(set, "utf8") == 0;
	freelocale(locale);
	return utf8;
}

unsigned int screen_terminal_width(int fd)
{
#ifdef TIOCGWINSZ
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0)
		return size.ws_col;
#endif
	(void)fd;
	return 0;
}

static unsigned long read_columns(void)
{
	const char *text = getenv("COLUMNS");
	char *end;
	unsigned long columns;

	if (!text || *text < '0' || *text > '9')
		return 0;
	columns = strtoul(text, &end, 10);
	return *end ? 0 : columns;
}

struct screen screen_find(int fd)
{
	unsigned long columns = read_columns();

	if (!columns)
		columns = screen_terminal_width(fd);
	if (!columns)
		columns = SCREEN_WIDTH;
	if (columns < SCREEN_LEAST)
		columns = SCREEN_LEAST;
	if (columns > SCREEN_MOST)
		columns = SCREEN_MOST;
	return (struct screen){(unsigned int)columns, has_utf8_locale()};
}

unsigned int screen_width(const struct screen *screen)
{
	return screen->columns ? screen->columns : SCREEN_WIDTH;
}
