/*
 * Kinds of input; see input.h.  Messages of sockets end no line and may be
 * longer than any buffer; an empty one looks like the end of input.
 */
#include "rlog/input.h"

#include <fcntl.h>

#include <sys/socket.h>
#include <sys/stat.h>

enum input_kind input_kind(int fd)
{
	socklen_t len = sizeof(int);
	struct stat st;
	int type, flags;

	if (fstat(fd, &st) < 0)
		return INPUT_STREAM;
	if (S_ISSOCK(st.st_mode))
		return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
			       type != SOCK_STREAM
			   ? INPUT_MESSAGES
			   : INPUT_STREAM;
	flags = fcntl(fd, F_GETFL);
	return S_ISFIFO(st.st_mode) && flags >= 0 && flags & O_DIRECT
		   ? INPUT_PACKETS
		   : INPUT_STREAM;
}
