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
 * What a value of each type may be: checked, and stored in struct conf.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <bsd/string.h>

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf_parse.h"
#include "smtpd/conf_sieve.h"
#include "smtpd/conf_pki.h"
#include "smtpd/smtp/address.h"
#include "smtpd/smtp/sasl.h"

#define UNQUOTED	", without quotes"

typedef int (*type_setter)(struct conf_parse *, const struct conf_word *,
    const struct conf_value *);

void *
type_place(struct conf_parse *p, const struct conf_word *w)
{
	return ((char *)p->conf + w->offset + (w->block == BLOCK_THROTTLE ?
	    p->throttle * sizeof(struct throttle_conf) : 0));
}

int
type_error(struct conf_parse *p, const struct conf_value *v,
    const char *expected)
{
	conf_error(p, &v->pos, "unexpected '%s', expected %s",
	    conf_show(p, v->text), expected);
	return (-1);
}

int
type_is_hostname(const char *text)
{
	return (text[0] != '[' && strchr(text, '.') != NULL &&
	    address_check_domain(text, strlen(text), 0) == ADDRESS_OK);
}

static int
type_hostname(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	char	*dst = type_place(p, w);
	size_t	 i;

	if (!type_is_hostname(v->text))
		return (type_error(p, v, "the full name of this server, as "
		    "in mx.example.org"));
	(void)strlcpy(dst, v->text, CONF_HOST_MAX + 1);
	for (i = 0; dst[i] != '\0'; i++)
		dst[i] = (char)tolower((unsigned char)dst[i]);
	return (0);
}

static int
type_address(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct address	 a;

	if (address_parse(v->text, strlen(v->text), ADDRESS_UTF8_OK, &a) !=
	    ADDRESS_OK ||
	    address_format(&a, type_place(p, w), ADDRESS_STR_SIZE) == -1)
		return (type_error(p, v, "a mail address, as in "
		    "\"admin@example.org\""));
	return (0);
}

int
type_is_path(const char *text)
{
	const char	*s;

	for (s = text; *s != '\0' && !iscntrl((unsigned char)*s); s++)
		;
	return (text[0] == '/' && *s == '\0' && s - text <= CONF_PATH_MAX);
}

static int
type_path(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	char	*dst = type_place(p, w);
	size_t	 len = strlen(v->text);

	if (!type_is_path(v->text))
		return (type_error(p, v, "an absolute path of at most 1023 "
		    "octets, as in \"/var/spool/smtpd\""));
	while (len > 1 && v->text[len - 1] == '/')
		len--;
	memcpy(dst, v->text, len);
	dst[len] = '\0';
	return (0);
}

static int
type_socket(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct sockaddr_un	 sun;

	if (strlen(v->text) >= sizeof(sun.sun_path)) {
		conf_error(p, &v->pos, "path of a socket too long, expected "
		    "at most %zu octets", sizeof(sun.sun_path) - 1);
		return (-1);
	}
	return (type_path(p, w, v));
}

/* Those of RFC 5321 atext that nobody takes for a letter or digit. */
static int
type_delims(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	size_t	 i, len = strlen(v->text);

	for (i = 0; i < len; i++)
		if (strchr("+-=_#!$%&'*/?^`{|}~", v->text[i]) == NULL ||
		    strchr(v->text + i + 1, v->text[i]) != NULL)
			break;
	if (len == 0 || i < len ||
	    len >= sizeof(p->conf->policy.delims))
		return (type_error(p, v, "one to eight different characters "
		    "of +-=_#!$%&'*/?^`{|}~"));
	memcpy(type_place(p, w), v->text, len + 1);
	return (0);
}

static int
type_integer(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v, int64_t *n)
{
	if (!v->quoted && value_number(v->text, n) == 0 && *n >= w->min &&
	    *n <= w->max)
		return (0);
	conf_error(p, &v->pos, "unexpected '%s', expected a number from %"
	    PRId64 " to %" PRId64 "%s", conf_show(p, v->text), w->min, w->max,
	    v->quoted ? UNQUOTED : "");
	return (-1);
}

/* In milliseconds, a multiple of step. */
static int
type_time(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v, int64_t step, int64_t *n)
{
	char	 min[24], max[24];

	if (!v->quoted && value_duration(v->text, n) == 0 && *n >= w->min &&
	    *n <= w->max && *n % step == 0)
		return (0);
	conf_error(p, &v->pos, "unexpected '%s', expected a duration from %s "
	    "to %s%s, as in %s%s", conf_show(p, v->text),
	    value_format_duration(w->min, min, sizeof(min)),
	    value_format_duration(w->max, max, sizeof(max)),
	    step == 1 ? "" : " in whole seconds",
	    step == 1 ? "500ms 5s 10m 1h 2d" : "5s 10m 1h 2d",
	    v->quoted ? UNQUOTED : "");
	return (-1);
}

static int
type_count(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	int64_t	 n;

	if (type_integer(p, w, v, &n) == -1)
		return (-1);
	*(uint32_t *)type_place(p, w) = (uint32_t)n;
	return (0);
}

static int
type_msec(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	int64_t	 n;

	if (type_time(p, w, v, 1, &n) == -1)
		return (-1);
	*(uint32_t *)type_place(p, w) = (uint32_t)n;
	return (0);
}

static int
type_sec(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	int64_t	 n;

	if (type_time(p, w, v, 1000, &n) == -1)
		return (-1);
	*(uint32_t *)type_place(p, w) = (uint32_t)(n / 1000);
	return (0);
}

int
type_retries(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct queue_conf	*q = &p->conf->queue;
	int64_t			 n;

	for (q->nretries = 0; v != NULL; v = v->next) {
		if (q->nretries == CONF_RETRIES_MAX)
			return (type_error(p, v, "at most 32 durations"));
		if (type_time(p, w, v, 1000, &n) == -1)
			return (-1);
		q->retries[q->nretries++] = (uint32_t)(n / 1000);
	}
	return (0);
}

static int
type_number(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);

	return (type_integer(p, w, v, &s->number));
}

static int
type_duration(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);

	return (type_time(p, w, v, 1, &s->number));
}

static int
type_size(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);
	char		 min[24], max[24];

	if (!v->quoted && value_size(v->text, &s->number) == 0 &&
	    s->number >= w->min && s->number <= w->max)
		return (0);
	conf_error(p, &v->pos, "unexpected '%s', expected a size from %s to "
	    "%s, as in 50M%s", conf_show(p, v->text),
	    value_format_size(w->min, min, sizeof(min)),
	    value_format_size(w->max, max, sizeof(max)),
	    v->quoted ? UNQUOTED : "");
	return (-1);
}

/* yes, true, no, false: stored in s. */
int
type_is_flag(const struct conf_value *v, struct setting *s)
{
	if (v->quoted)
		return (0);
	s->kind = SETTING_NUMBER;
	s->number = strcmp(v->text, "yes") == 0 ||
	    strcmp(v->text, "true") == 0;
	return (s->number || strcmp(v->text, "no") == 0 ||
	    strcmp(v->text, "false") == 0);
}

static int
type_flag(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	if (type_is_flag(v, type_place(p, w)))
		return (0);
	return (type_error(p, v, v->quoted ? "yes or no" UNQUOTED :
	    "yes or no"));
}

static int
type_login(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);

	if (type_is_flag(v, s))
		return (0);
	if (v->quoted || strcmp(v->text, "authenticated") != 0)
		return (type_error(p, v, v->quoted ?
		    "yes, no or authenticated" UNQUOTED :
		    "yes, no or authenticated"));
	s->kind = SETTING_AUTHENTICATED;
	return (0);
}

int
type_is_answer(const char *text)
{
	static const char *const	 words[] = { "yes", "true", "no",
	    "false", "authenticated", "0", "1" };
	size_t				 i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return (1);
	return (0);
}

/*
 * As in an expression: a string is true when it is not empty.  So "no" in
 * quotes would be true, which nobody means.
 */
static int
type_truth(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);

	if (!v->quoted)
		return (type_login(p, w, v));
	if (type_is_answer(v->text))
		return (type_error(p, v, "yes, no or authenticated" UNQUOTED));
	s->kind = SETTING_NUMBER;
	s->number = v->text[0] != '\0';
	return (0);
}

/* The standard candidate, none, or this one. */
static int
type_candidate(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);
	struct address	 a;

	if (type_is_flag(v, s))
		return (0);
	if (!v->quoted || address_parse(v->text, strlen(v->text),
	    ADDRESS_UTF8_OK, &a) != ADDRESS_OK)
		return (type_error(p, v, v->quoted && type_is_answer(v->text) ?
		    "yes or no" UNQUOTED :
		    "yes, no or an address in quotes"));
	s->kind = SETTING_STRING;
	xstrset(&s->string, v->text);
	return (0);
}

static int
type_rewrite(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);
	struct address	 a;
	unsigned int	 flags = ADDRESS_UTF8_OK;

	if (type_is_flag(v, s) && s->number == 0)
		return (0);
	if (w->block == BLOCK_MAIL)
		flags |= ADDRESS_ALLOW_NULL;
	if (!v->quoted || address_parse(v->text, strlen(v->text), flags,
	    &a) != ADDRESS_OK)
		return (type_error(p, v, "no or an address in quotes"));
	s->kind = SETTING_STRING;
	xstrset(&s->string, v->text);
	return (0);
}

static int
type_directory(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);

	if (type_is_flag(v, s)) {
		if (s->number == 0)
			return (0);
		return (type_error(p, v, "the name of a directory, or "
		    "false"));
	}
	if (v->text[0] == '\0' || strlen(v->text) > SESSION_DIRECTORY_MAX)
		return (type_error(p, v, "the name of a directory, or "
		    "false"));
	/* of the one of rcpt, conf_check.c sees to it */
	if (w->block == BLOCK_AUTH)
		conf_refer(p, conf_want_logins, v->text, &v->pos);
	s->kind = SETTING_STRING;
	xstrset(&s->string, v->text);
	return (0);
}

static int
type_mechanisms(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	struct setting	*s = type_place(p, w);
	char		 list[SASL_LIST_SIZE] = "";

	/* the default comes as a list of words, from no file */
	if (v->pos.line == 0) {
		for (; v != NULL; v = v->next) {
			(void)strlcat(list, v->text, sizeof(list));
			(void)strlcat(list, v->next == NULL ? "" : " ",
			    sizeof(list));
		}
		s->kind = SETTING_STRING;
		xstrset(&s->string, list);
		return (0);
	}
	if (type_is_flag(v, s) && s->number == 0)
		return (0);
	if (!v->quoted || sasl_parse_list(v->text) < 1)
		return (type_error(p, v, "some of \"PLAIN LOGIN "
		    "SCRAM-SHA-256\" in quotes, or false"));
	s->kind = SETTING_STRING;
	xstrset(&s->string, v->text);
	return (0);
}

static int
type_tls_version(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	uint8_t	*tls_13 = type_place(p, w);

	*tls_13 = strcmp(v->text, "1.3") == 0;
	if (*tls_13 || strcmp(v->text, "1.2") == 0)
		return (0);
	return (type_error(p, v, "1.2 or 1.3"));
}

static int
type_ciphers(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	if (strlen(v->text) > CONF_CIPHERS_MAX || !conf_ciphers_valid(v->text))
		return (type_error(p, v, "a list of ciphers for TLS 1.2, as "
		    "in \"ECDHE+AESGCM:ECDHE+CHACHA20\""));
	(void)strlcpy(type_place(p, w), v->text, CONF_CIPHERS_MAX + 1);
	return (0);
}

static const type_setter setters[TYPE_COUNT_OF] = {
	[TYPE_HOSTNAME]		= type_hostname,
	[TYPE_ADDRESS]		= type_address,
	[TYPE_PATH]		= type_path,
	[TYPE_SOCKET]		= type_socket,
	[TYPE_DELIMS]		= type_delims,
	[TYPE_COUNT]		= type_count,
	[TYPE_MSEC]		= type_msec,
	[TYPE_SEC]		= type_sec,
	[TYPE_TLS_VERSION]	= type_tls_version,
	[TYPE_CIPHERS]		= type_ciphers,
	[TYPE_RETRIES]		= type_retries,
	[TYPE_RATE]		= type_rate,
	[TYPE_NETWORKS]		= type_networks,
	[TYPE_EXEMPT]		= type_exempt,
	[TYPE_NUMBER]		= type_number,
	[TYPE_DURATION]		= type_duration,
	[TYPE_SIZE]		= type_size,
	[TYPE_FLAG]		= type_flag,
	[TYPE_LOGIN]		= type_login,
	[TYPE_TRUTH]		= type_truth,
	[TYPE_CANDIDATE]	= type_candidate,
	[TYPE_REWRITE]		= type_rewrite,
	[TYPE_DIRECTORY]	= type_directory,
	[TYPE_MECHANISMS]	= type_mechanisms,
	[TYPE_KEY]		= type_key,
	[TYPE_SCRIPT]		= conf_sieve_type,
};

int
type_set(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	return (setters[w->type](p, w, v));
}
