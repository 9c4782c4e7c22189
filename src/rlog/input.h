/*
 * What kind of input a descriptor is.  Of some kinds a read takes one message
 * at a time, and what does not fit into its buffer is thrown away.
 */
#ifndef INPUT_H
#define INPUT_H

enum input_kind {
	INPUT_STREAM,
	INPUT_PACKETS, /* a pipe of packets, as far as its reader can see */
	INPUT_MESSAGES /* a socket that is not a stream */
};

/*
 * Returns the kind of the input fd.  It is INPUT_STREAM if the system does not
 * tell, or if fd is not open.
 */
enum input_kind input_kind(int fd);

#endif
