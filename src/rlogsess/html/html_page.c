/*
 * The frame of a page.  Its policy (Content-Security-Policy) allows this style
 * sheet and this script by their hashes, and nothing else: nothing is loaded or
 * sent, and no script or style that a log could smuggle in is run or applied.
 * The log has no influence on the head.  Tested by tests/sh/rlogsess-html.t.
 */
#include "rlogsess/html/html_page.h"

#include <stdio.h>

#include <skalibs/sha256.h>

#include "base/base64.h"
#include "rlogsess/html/page_assets.h"

static void write_hash(struct output *output, const char *text, size_t len)
{
	SHA256Schedule schedule = SHA256_INIT();
	char digest[32], encoded[BASE64_SIZE(sizeof digest)];

	sha256_update(&schedule, text, len);
	sha256_final(&schedule, digest);
	base64_encode(encoded, digest, sizeof digest);
	output_string(output, "'sha256-");
	output_bytes(output, encoded, sizeof encoded);
	output_string(output, "'");
}

static void write_policy(struct output *output)
{
	output_string(output,
		      "<meta http-equiv=\"Content-Security-Policy\" content=\""
		      "default-src 'none'; style-src ");
	write_hash(output, page_css, page_css_len);
	output_string(output, "; script-src ");
	write_hash(output, page_js, page_js_len);
	output_string(output, "; base-uri 'none'; form-action 'none'\">\n");
}

void html_page_begin(struct output *output, const char *title)
{
	output_string(output, "<!DOCTYPE html>\n<html lang=en>\n<head>\n"
			      "<meta charset=utf-8>\n");
	write_policy(output);
	output_string(output,
		      "<meta name=referrer content=no-referrer>\n"
		      "<meta name=viewport "
		      "content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=generator content=\"rlogsess " VERSION "\">\n"
		      "<title>");
	output_string(output, title);
	output_string(output, "</title>\n<style>");
	output_bytes(output, page_css, page_css_len);
	output_string(output, "</style>\n</head>\n<body>\n<main>\n<h1>");
	output_string(output, title);
	output_string(output, "</h1>\n");
}

void html_page_end(struct output *output, long zone)
{
	char text[320];
	long minutes = (zone < 0 ? -zone : zone) / 60;

	snprintf(text, sizeof text,
		 "</main>\n<footer>Strips of sessions are faint while the "
		 "client, strong while the server is waited for, and as long "
		 "as the logarithm of the duration. Times are local, "
		 "%c%02ld:%02ld. Written by rlogsess %s.</footer>\n<script>",
		 zone < 0 ? '-' : '+', minutes / 60, minutes % 60, VERSION);
	output_string(output, text);
	output_bytes(output, page_js, page_js_len);
	output_string(output, "</script>\n</body>\n</html>\n");
}
