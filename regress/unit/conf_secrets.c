/*
 * Copyright (c) 2026 The smtpd authors
 *
 * Permission to use, copy, modify, and distribute this software for any
 * purpose with or without fee is hereby granted, provided that the above
 * copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
 * WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
 * ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
 * WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 * ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
 * OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 */

/*
 * Files with the secrets of next hops: what is too long is refused, and
 * never read as far as it goes.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <unistd.h>

#include "regress/unit/conf_play.h"

#define RELAY	"relay host \"smtps://u@mx.example.org\" auth file \"%s\""

/* A file of so many octets whose last line is that; the conf, or NULL. */
static struct conf *
load(size_t octets, const char *last, mode_t mode)
{
	char		 path[] = "/tmp/smtpd-unit-secrets.XXXXXX";
	char		 text[256];
	struct conf	*conf;
	FILE		*f;
	size_t		 n;
	int		 fd;

	if ((fd = mkstemp(path)) == -1 || fchmod(fd, mode) == -1 ||
	    (f = fdopen(fd, "w")) == NULL) {
		perror(path);
		exit(1);
	}
	for (n = strlen(last); n < octets; n++)
		(void)fputc((octets - n) % 64 == 1 ? '\n' : '#', f);
	(void)fputs(last, f);
	if (fclose(f) == EOF) {
		perror(path);
		exit(1);
	}
	(void)snprintf(text, sizeof(text), RELAY, path);
	conf = play_load(text);
	(void)unlink(path);
	return (conf);
}

static void
is(size_t octets, const char *last, mode_t mode, const char *error)
{
	struct conf	*conf = load(octets, last, mode);

	CHECK((conf == NULL) == (error != NULL) && (error == NULL ||
	    strstr(play_errors, error) != NULL), "%zu octets: %s", octets,
	    play_errors);
	if (conf != NULL)
		CHECK(conf->relay.nsecrets == 1 && strcmp(
		    conf->relay.secrets[0].secret, "correct horse") == 0,
		    "the secret: %s", conf->relay.secrets[0].secret);
	conf_free(conf);
}

#define GOOD	"u@mx.example.org correct horse\n"

int
main(void)
{
	is(0, GOOD, 0600, NULL);
	is(65000, GOOD, 0600, NULL);
	is(65534, GOOD, 0600, NULL);
	/* the last line would be cut */
	is(65540, GOOD, 0600, "is too long");
	is(200000, GOOD, 0600, "is too long");
	is(0, "u@mx.example.org\n", 0600, "has a line");
	is(0, GOOD, 0604, "can be read by everybody");
	return (check_done("conf_secrets"));
}
