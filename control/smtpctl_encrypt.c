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
 * smtpctl encrypt: a password to what secret= takes.  No server is asked.
 */

#include <sys/types.h>
#include <bsd/readpassphrase.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <crypt.h>
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/smtpctl.h"
#include "smtpd/smtp/sasl.h"

#define BCRYPT_MAX	72		/* octets that it looks at */

static const struct type {
	const char	*name;
	const char	*prefix;	/* of crypt(3); NULL: SCRAM keys */
	unsigned long	 count;		/* 0: as the library has it */
	size_t		 max;		/* octets of a password */
} types[] = {
	{ "yescrypt",	"$y$",	0,	SASL_PASSWORD_MAX },
	{ "bcrypt",	"$2b$",	12,	BCRYPT_MAX },
	{ "sha512",	"$6$",	100000,	SASL_PASSWORD_MAX },
	{ "scram",	NULL,	0,	SASL_PASSWORD_MAX },
};

static const struct type *
type_find(const char *name)
{
	size_t	 i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, name) == 0)
			return (&types[i]);
	warnx("unknown type '%s', expected yescrypt, bcrypt, sha512 or scram",
	    name);
	return (NULL);
}

/* Twice, so that what nobody can see is what was meant. */
static int
ask_terminal(char *buf, size_t size)
{
	char	 again[SASL_PASSWORD_MAX + 3];
	int	 ret = EX_OK;

	if (readpassphrase("Password: ", buf, size, RPP_ECHO_OFF) == NULL ||
	    readpassphrase("The same again: ", again, sizeof(again),
	    RPP_ECHO_OFF) == NULL) {
		warnx("no terminal to read a password from");
		ret = EX_NOINPUT;
	} else if (strcmp(buf, again) != 0) {
		warnx("the two differ");
		ret = EX_DATAERR;
	}
	explicit_bzero(again, sizeof(again));
	return (ret);
}

/* One line of standard input, without its end; no stdio: it keeps copies. */
static int
ask_input(char *buf, size_t size)
{
	size_t	 len = 0;
	ssize_t	 n;
	char	*lf = NULL;

	while (lf == NULL && len < size - 1 &&
	    (n = read(STDIN_FILENO, buf + len, size - 1 - len)) > 0) {
		lf = memchr(buf + len, '\n', (size_t)n);
		len += (size_t)n;
	}
	if (lf != NULL)
		len = (size_t)(lf - buf);
	buf[len] = '\0';
	if (strlen(buf) != len) {
		warnx("a password has no NUL in it");
		return (EX_DATAERR);
	}
	return (EX_OK);
}

static int
password_check(const struct type *t, const char *password)
{
	size_t	 len = strlen(password);

	if (len == 0) {
		warnx("the password is empty");
		return (EX_DATAERR);
	}
	if (len > t->max) {
		warnx("the password is too long, expected at most %zu octets "
		    "for %s", t->max, t->name);
		return (EX_DATAERR);
	}
	if (!sasl_is_text(password, len, t->max)) {
		warnx("the password has control characters, or is no UTF-8");
		return (EX_DATAERR);
	}
	return (EX_OK);
}

/* It has none of the characters that JSON would have escaped. */
static void
say_secret(const char *secret)
{
	printf(smtpctl_options.json ? "{\"secret\":\"%s\"}\n" : "%s\n",
	    secret);
}

static int
encrypt_crypt(const struct type *t, const char *password)
{
	char			 setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data	*data;
	const char		*hash;
	int			 ok;

	if (crypt_gensalt_rn(t->prefix, t->count, NULL, 0, setting,
	    sizeof(setting)) == NULL) {
		warnx("this machine has no %s", t->name);
		return (EX_UNAVAILABLE);
	}
	if ((data = calloc(1, sizeof(*data))) == NULL)
		err(EX_OSERR, NULL);
	hash = crypt_r(password, setting, data);
	ok = hash != NULL && hash[0] != '*';
	if (ok)
		say_secret(hash);
	else
		warnx("this machine has no %s", t->name);
	freezero(data, sizeof(*data));
	return (ok ? EX_OK : EX_UNAVAILABLE);
}

static int
encrypt_scram(const char *password)
{
	struct scram	 s;
	char		 text[SCRAM_STR_SIZE];

	memset(&s, 0, sizeof(s));
	s.iterations = SCRAM_ITERATIONS;
	s.saltlen = SCRAM_SALT_LEN;
	arc4random_buf(s.salt, s.saltlen);
	scram_make(&s, password, strlen(password));
	say_secret(scram_format(&s, text, sizeof(text)));
	return (EX_OK);
}

int
smtpctl_encrypt(const struct smtpctl_command *c, int argc, char **argv)
{
	const struct type	*t = &types[0];
	char			 password[SASL_PASSWORD_MAX + 3];
	int			 ch, status;

	optind = 1;
	while ((ch = getopt(argc, argv, "+t:")) != -1)
		if (ch != 't')
			return (smtpctl_usage(c));
		else if ((t = type_find(optarg)) == NULL)
			return (EX_USAGE);
	if (argc != optind)
		return (smtpctl_usage(c));
	status = isatty(STDIN_FILENO) ? ask_terminal(password,
	    sizeof(password)) : ask_input(password, sizeof(password));
	if (status == EX_OK)
		status = password_check(t, password);
	if (status == EX_OK)
		status = t->prefix == NULL ? encrypt_scram(password) :
		    encrypt_crypt(t, password);
	explicit_bzero(password, sizeof(password));
	return (status);
}
