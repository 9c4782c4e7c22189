/* Certificates and keys: their files, who may read them, and bad contents. */
#include <errno.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cmocka.h>

#include "stream/stream_keys.h"

static const char seed[] =
    "SUAMADEUPSEED234567MADEUPSEED234567MADEUPSEED234567MADEUPSE";
static const char public_key[] =
    "UDMADEUPPUBLICKEY234567MADEUPPUBLICKEY234567MADEUPPUBLICK";
static const char creds[] = "-----BEGIN NATS USER JWT-----\r\n"
			    "eyJ0eXAi.eyJqdGki.x_y-z\r\n"
			    "------END NATS USER JWT------\r\n\r\n"
			    "-----BEGIN USER NKEY SEED-----\r\n"
			    "SUAMADEUPSEED234\r\n"
			    "------END USER NKEY SEED------\r\n";
static const char *const variables[] = {"CAFILE", "CERTFILE", "KEYFILE",
					"NATS_CREDS", "NATS_NKEY"};
static struct stream_keys keys;
static char why[STREAM_KEYS_WHY_MAX];

void __real_free(void *p);
void __wrap_free(void *p);

/* No part of a seed is in memory that is given back. */
void __wrap_free(void *p)
{
	size_t n = p ? malloc_usable_size(p) : 0;

	if (n && memmem(p, n, "SUAMADEUP", strlen("SUAMADEUP")))
		fail_msg("a secret is not overwritten");
	__real_free(p);
}

static void write_file(const char *name, const char *text, size_t n,
		       mode_t mode)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	/* No buffer of the test itself keeps a seed. */
	setvbuf(file, NULL, _IONBF, 0);
	assert_int_equal(fwrite(text, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(name, mode), 0);
}

static int enter_directory(void **state)
{
	static char directory[] = "/tmp/stream_keys.XXXXXX";

	*state = mkdtemp(directory);
	if (!*state || chdir(directory) < 0)
		return -1;
	write_file("public", "cert\n", 5, 0644);
	write_file("secret", "key\n", 4, 0600);
	return 0;
}

static int leave_directory(void **state)
{
	char command[64];

	snprintf(command, sizeof command, "rm -r %s", (char *)*state);
	return system(command);
}

static int clear_variables(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		unsetenv(variables[i]);
	return 0;
}

static void check_refused(const char *words)
{
	if (stream_keys_read(&keys, why))
		fail_msg("accepted; expected: %s", words);
	if (!strstr(why, words))
		fail_msg("'%s' instead of '%s'", why, words);
	assert_null(keys.key.text);
	assert_null(keys.seed);
	assert_null(keys.jwt);
}

static void nothing_set(void **state)
{
	(void)state;
	setenv("CAFILE", "", 1);
	assert_true(stream_keys_read(&keys, why));
	assert_null(keys.ca.text);
	assert_null(keys.jwt);
	stream_keys_free(&keys);
}

static void certificates(void **state)
{
	(void)state;
	setenv("CAFILE", "public", 1);
	setenv("CERTFILE", "public", 1);
	setenv("KEYFILE", "secret", 1);
	assert_true(stream_keys_read(&keys, why));
	assert_string_equal(keys.ca.text, "cert\n");
	assert_int_equal(keys.ca.len, 5);
	assert_string_equal(keys.key.text, "key\n");
	stream_keys_free(&keys);
	assert_null(keys.key.text);
	stream_keys_free(&keys);
	unsetenv("CERTFILE");
	check_refused("secret (KEYFILE): CERTFILE is not set");
	setenv("CERTFILE", "public", 1);
	unsetenv("KEYFILE");
	check_refused("public (CERTFILE): KEYFILE is not set");
}

static void modes(void **state)
{
	static const struct {
		mode_t mode;
		const char *words;
	} rows[] = {
	    {0604, "others may read it"},
	    {0644, "others may read it"},
	    {0602, "others may write"},
	    {0620, "others may write"},
	    {0640, NULL},
	    {0400, NULL},
	};

	(void)state;
	setenv("CERTFILE", "public", 1);
	setenv("KEYFILE", "moded", 1);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		write_file("moded", "key\n", 4, rows[i].mode);
		if (rows[i].words)
			check_refused(rows[i].words);
		else if (!stream_keys_read(&keys, why))
			fail_msg("%o: %s", rows[i].mode, why);
		stream_keys_free(&keys);
		assert_int_equal(unlink("moded"), 0);
	}
	write_file("moded", "key\n", 4, 0600);
	if (!geteuid()) {
		assert_int_equal(chown("moded", 12345, (gid_t)-1), 0);
		check_refused("belongs to another user");
	}
	assert_int_equal(unlink("moded"), 0);
}

/* A link is followed; the file that it leads to is examined. */
static void odd_files(void **state)
{
	static char large[STREAM_KEYS_FILE_MAX + 1];

	(void)state;
	setenv("CERTFILE", "public", 1);
	assert_int_equal(symlink("secret", "link"), 0);
	setenv("KEYFILE", "link", 1);
	assert_true(stream_keys_read(&keys, why));
	stream_keys_free(&keys);
	assert_int_equal(symlink("public", "open"), 0);
	setenv("KEYFILE", "open", 1);
	check_refused("open (KEYFILE): others may read it");
	setenv("KEYFILE", "absent", 1);
	check_refused("absent (KEYFILE): No such file or directory");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	setenv("KEYFILE", "fifo", 1);
	check_refused("not a regular file");
	setenv("KEYFILE", "/", 1);
	check_refused("not a regular file");
	write_file("empty", "", 0, 0600);
	setenv("KEYFILE", "empty", 1);
	check_refused("empty");
	write_file("nul", "a\0b", 3, 0600);
	setenv("KEYFILE", "nul", 1);
	check_refused("NULs");
	memset(large, 'x', sizeof large);
	write_file("large", large, sizeof large, 0600);
	setenv("KEYFILE", "large", 1);
	check_refused("too large");
	write_file("large", large, sizeof large - 1, 0600);
	assert_true(stream_keys_read(&keys, why));
	assert_int_equal(keys.key.len, STREAM_KEYS_FILE_MAX);
	stream_keys_free(&keys);
}

static void users(void **state)
{
	char text[512];

	(void)state;
	snprintf(text, sizeof text, "# ours\n%s\n\n%s\n", seed, public_key);
	write_file("nkey", text, strlen(text), 0600);
	setenv("NATS_NKEY", "nkey", 1);
	assert_true(stream_keys_read(&keys, why));
	assert_string_equal(keys.seed, seed);
	assert_string_equal(keys.public_nkey, public_key);
	assert_null(keys.jwt);
	stream_keys_free(&keys);
	write_file("creds", creds, strlen(creds), 0600);
	setenv("NATS_CREDS", "creds", 1);
	check_refused("nkey (NATS_NKEY): NATS_CREDS is set, too");
	unsetenv("NATS_NKEY");
	assert_true(stream_keys_read(&keys, why));
	assert_string_equal(keys.jwt, "eyJ0eXAi.eyJqdGki.x_y-z");
	assert_string_equal(keys.seed, "SUAMADEUPSEED234");
	stream_keys_free(&keys);
	setenv("NATS_CREDS", "nkey", 1);
	check_refused("nkey (NATS_CREDS): not a file of a JWT and a seed");
	unsetenv("NATS_CREDS");
	write_file("half", seed, strlen(seed), 0600);
	setenv("NATS_NKEY", "half", 1);
	check_refused("not a file of a user's seed");
	assert_null(strstr(why, seed));
	/* Of several seeds the first one counts; no seed is that long. */
	snprintf(text, sizeof text, "%s\nSUBOTHER\n%s\n", seed, public_key);
	write_file("nkey", text, strlen(text), 0600);
	setenv("NATS_NKEY", "nkey", 1);
	assert_true(stream_keys_read(&keys, why));
	assert_string_equal(keys.seed, seed);
	stream_keys_free(&keys);
	snprintf(text, sizeof text, "SU%0127d\n%s\n", 0, public_key);
	memset(text + 2, 'A', 127);
	write_file("nkey", text, strlen(text), 0600);
	check_refused("not a file of a user's seed");
	explicit_bzero(text, sizeof text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(nothing_set, clear_variables),
	    cmocka_unit_test_teardown(certificates, clear_variables),
	    cmocka_unit_test_teardown(modes, clear_variables),
	    cmocka_unit_test_teardown(odd_files, clear_variables),
	    cmocka_unit_test_teardown(users, clear_variables),
	};

	clear_variables(NULL);
	return cmocka_run_group_tests(tests, enter_directory, leave_directory);
}
