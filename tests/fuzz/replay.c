/*
 * Runs a fuzz target once with each of the given files, where libFuzzer would
 * make up its own.  A target ends the process when it finds a fault.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *name)
{
	FILE *file = fopen(name, "rb");
	uint8_t *data;
	long size;

	if (!file || fseek(file, 0, SEEK_END) < 0)
		return -1;
	size = ftell(file);
	rewind(file);
	/* Exactly as big, so that reading beyond it is seen. */
	data = size < 0 ? NULL : malloc(size ? (size_t)size : 1);
	if (!data || fread(data, 1, (size_t)size, file) != (size_t)size)
		return -1;
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
	fclose(file);
	return 0;
}

int main(int argc, char **argv)
{
	(void)argc;
	while (*++argv) {
		if (replay(*argv) < 0) {
			perror(*argv);
			return 1;
		}
	}
	return 0;
}
