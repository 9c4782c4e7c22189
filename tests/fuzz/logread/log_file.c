/*
 * A file of a log: searching it stays within it, and its lines, its blocks and
 * what comes after a place are its bytes.
 */
#include "logread/log_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include "logread/search.h"
#include "logread/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct log_file file;

static void require(bool what)
{
	if (!what)
		abort();
}

static void search(int fd, size_t size)
{
	const struct stamp_span span = {0};
	struct tain_s first, last;
	uint64_t newlines = 3, offset;

	if (search_first(fd, span, &first)) {
		require(search_label(fd, span, &first) <= size);
		require(search_last(fd, &last) || size > (1 << 16));
	}
	if (search_back(fd, size, &newlines, &offset) > 0)
		require(offset <= size);
}

/* Takes all of it, by lines or by blocks, and compares it. */
static void read_all(const uint8_t *data, size_t size, size_t most)
{
	struct log_file_text t;
	size_t at = 0;

	while ((most ? log_file_block(&file, &t, most, true)
		     : log_file_line(&file, &t, true)) > 0) {
		require(t.len <= size - at);
		require(memcmp(t.at, data + at, t.len) == 0);
		require(t.begins == (!at || data[at - 1] == '\n'));
		at += t.len;
		if (!most && t.ends)
			require(data[at++] == '\n');
		require(file.offset == at);
	}
	require(at == size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd;
	struct position place;

	/* A compressed file would be read through another program. */
	if (unpack_program((const char *)data, size))
		return 0;
	fd = memfd_create("log", 0);
	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	search(fd, size);
	require(log_file_adopt(&file, fd) == 0);
	read_all(data, size, 0);
	log_file_seek(&file, 0);
	read_all(data, size, 1 + size / 3);
	log_file_seek(&file, size / 2);
	log_file_place(&file, NULL, &place);
	log_file_seek(&file, 0);
	require(log_file_resume(&file, &place) == 1);
	require(file.offset == size / 2);
	log_file_close(&file);
	return 0;
}
