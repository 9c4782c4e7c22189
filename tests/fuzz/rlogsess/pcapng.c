/*
 * A log as pcapng: whatever the log, the file is whole.  Blocks and options
 * have their lengths, comments no control byte, frames right lengths and
 * checksums, and each frame continues its connection.  All bytes of all
 * sessions are there.
 */
#include "rlogsess/format/format.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../unit/escapes.h"
#include "rlogsess/bytes/session_bytes.h"
#include "rlogsess/grouping/connections.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MAX = 512, FLAG_FIN = 1, FLAG_SYN = 2, FLAG_ACK = 16 };

static const struct filter filter;

struct run {
	struct grouper grouper;
	struct format_run format;
	struct output output;
	uint64_t bytes; /* of all sessions */
};

/* The file that is read, and its connection so far. */
struct reading {
	uint32_t interfaces;
	uint64_t bytes;   /* that are captured, but for what is put in */
	uint32_t next[2]; /* sequence numbers */
	bool known[2];    /* next is known */
};

static void check(bool fine)
{
	if (!fine)
		abort();
}

static uint32_t get_u32(const unsigned char *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static uint32_t get_big(const unsigned char *at, size_t len)
{
	uint32_t n = 0;

	for (size_t i = 0; i < len; i++)
		n = n << 8 | at[i];
	return n;
}

static uint64_t add_words(uint64_t sum, const unsigned char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? at[i] : (uint64_t)at[i] << 8;
	return sum;
}

static void check_sum(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 65535) + (sum >> 16);
	check(sum == 65535);
}

/* What the options of a packet tell. */
struct findings {
	bool inbound;
	bool put_in; /* a comment says that its bytes are put in */
	bool first;  /* of a session */
};

static void check_comment(struct findings *findings, const char *at, size_t n)
{
	static const char *const put_in[] = {
	    "the end of the message is put back", "the zeros are put in"};

	check(escapes_safe(at, n) && !memchr(at, '\n', n));
	for (size_t i = 0; i < 2; i++)
		findings->put_in |=
		    n == strlen(put_in[i]) && memcmp(at, put_in[i], n) == 0;
	findings->first |= n > 8 && memcmp(at, "session=", 8) == 0;
}

static void check_options(struct findings *findings, const unsigned char *at,
			  size_t len)
{
	while (len) {
		uint16_t code = (uint16_t)(at[0] | at[1] << 8);
		uint16_t n = (uint16_t)(at[2] | at[3] << 8);
		size_t whole = 4 + (n + 3u) / 4 * 4;

		check(len >= whole && (code || len == 4));
		if (code == 1)
			check_comment(findings, (const char *)at + 4, n);
		if (code == 2)
			findings->inbound = at[4] == 1;
		at += whole;
		len -= whole;
	}
}

/* Checks the numbers of a frame of TCP with this many bytes. */
static void check_numbers(struct reading *reading, const unsigned char *tcp,
			  int me, size_t bytes)
{
	unsigned int flags = tcp[13];

	if ((flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN)
		reading->known[0] = reading->known[1] = false;
	check(!reading->known[me] || reading->next[me] == get_big(tcp + 4, 4));
	check(!reading->known[!me] || !(flags & FLAG_ACK) ||
	      reading->next[!me] == get_big(tcp + 8, 4));
	reading->known[me] = true;
	reading->next[me] = get_big(tcp + 4, 4) + (uint32_t)bytes +
			    ((flags & (FLAG_SYN | FLAG_FIN)) != 0);
}

/* Checks the headers of a packet; returns the bytes captured after them. */
static size_t check_packet(struct reading *reading, const unsigned char *ip,
			   size_t captured, size_t length, bool inbound)
{
	bool v6 = *ip >> 4 == 6;
	size_t header = v6 ? 40 : 20, left = length - header, tcp_header;
	const unsigned char *tcp = ip + header;
	uint64_t sum = 6 + left;

	check(length <= 65535 + 40 && captured >= header + 20);
	if (!v6)
		check_sum(add_words(0, ip, header));
	check(get_big(v6 ? ip + 4 : ip + 2, 2) == (v6 ? left : length));
	tcp_header = (size_t)(tcp[12] >> 4) * 4;
	check(captured >= header + tcp_header);
	sum = add_words(sum, v6 ? ip + 8 : ip + 12, v6 ? 32 : 8);
	if (captured == length)
		check_sum(add_words(sum, tcp, left));
	check_numbers(reading, tcp, !inbound, left - tcp_header);
	return captured - header - tcp_header;
}

static void check_frame(struct reading *reading, const unsigned char *body,
			size_t len)
{
	size_t captured = get_u32(body + 12), length = get_u32(body + 16);
	size_t padded = (captured + 3) / 4 * 4;
	struct findings findings = {.first = false};
	size_t bytes;

	check(len >= 20 + padded && captured <= length);
	check(get_u32(body) < reading->interfaces);
	check_options(&findings, body + 20 + padded, len - 20 - padded);
	if (findings.first)
		reading->known[0] = reading->known[1] = false;
	bytes = check_packet(reading, body + 20, captured, length,
			     findings.inbound);
	if (!findings.put_in && captured == length)
		reading->bytes += bytes;
}

static void check_file(const unsigned char *at, size_t len, uint64_t bytes)
{
	struct reading reading = {.interfaces = 0};

	check(get_u32(at) == 0x0a0d0d0a);
	while (len) {
		size_t n;

		check(len >= 12);
		n = get_u32(at + 4);
		check(n >= 12 && n % 4 == 0 && n <= len &&
		      get_u32(at + n - 4) == n);
		if (get_u32(at) == 1)
			reading.interfaces++;
		else if (get_u32(at) == 6)
			check_frame(&reading, at + 8, n - 12);
		at += n;
		len -= n;
	}
	check(reading.bytes == bytes);
}

static int on_line(void *ctx, const struct group *group, struct slice line)
{
	(void)ctx;
	(void)group;
	(void)line;
	return 0;
}

static int on_over(void *ctx, struct group *group)
{
	struct run *run = ctx;
	struct session_bytes bytes;

	check(session_bytes_examine(&bytes, connections_session(group),
				    &run->grouper.store) == 0);
	run->bytes += bytes.stream[0].bytes + bytes.stream[1].bytes;
	check(run->format.options.format->group(&run->format, group) == 0);
	return 0;
}

static void begin_run(struct run *run, int fd)
{
	run->bytes = 0;
	output_init(&run->output, fd);
	check(grouper_init(
		  &run->grouper,
		  &(struct grouper_options){
		      .grouping = &grouping_connections,
		      .filter = &filter,
		      .events = {.ctx = run, .line = on_line, .over = on_over},
		      .quiet = 3600,
		      .hold_lines = true}) == 0);
	check(format_begin(&run->format,
			   &(struct format_options){
			       .format = format_find("pcapng")->sessions,
			       .output = &run->output,
			       .grouper = &run->grouper}) == 0);
}

static void end_run(struct run *run, int fd)
{
	struct stat st;
	void *map;

	check(grouper_finish(&run->grouper) == 0);
	check(output_flush(&run->output) == 0);
	format_free(&run->format);
	grouper_free(&run->grouper);
	check(fstat(fd, &st) == 0);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	check(map != MAP_FAILED);
	check_file(map, (size_t)st.st_size, run->bytes);
	munmap(map, (size_t)st.st_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run run;
	/* A copy, so that reading beyond the end of the last line is seen. */
	char *text = malloc(size ? size : 1), *at = text;
	int fd = memfd_create("pcapng", MFD_CLOEXEC);

	check(text && fd >= 0);
	if (size)
		memcpy(text, data, size);
	begin_run(&run, fd);
	for (int i = 0; size && i < LINES_MAX; i++) {
		const char *newline = memchr(at, '\n', size);
		size_t n = newline ? (size_t)(newline - at) : size;

		check(grouper_line(&run.grouper, at, n) == 0);
		n += newline != NULL;
		at += n;
		size -= n;
	}
	end_run(&run, fd);
	close(fd);
	free(text);
	return 0;
}
