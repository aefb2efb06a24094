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
 * Addresses of SQL stores, checked and shown.  Who reads what is said of one
 * may not see its password, nor a part of one that was written wrongly.
 */

#include <bsd/string.h>

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "smtpd/base/sqlurl.h"
#include "smtpd/conf_parse.h"
#include "smtpd/conf_sqlurl.h"

static const char *
option(const PQconninfoOption *o, const char *keyword)
{
	for (; o->keyword != NULL; o++)
		if (strcmp(o->keyword, keyword) == 0)
			return (o->val == NULL ? "" : o->val);
	return ("");
}

/*
 * In front of a @ or / that is not escaped, libpq sees another end of the
 * password than the administrator: the rest of it would be a host.
 */
static int
is_torn(const PQconninfoOption *o)
{
	const char	*port = option(o, "port");

	return (strchr(option(o, "host"), '@') != NULL ||
	    strchr(option(o, "dbname"), '@') != NULL ||
	    port[strspn(port, "0123456789,")] != '\0');
}

/* What libpq says ends in what it has read, and in a line feed. */
static void
server_error(struct conf_parse *p, const struct conf_value *url, char *why)
{
	char	*end;

	if (why != NULL) {
		why[strcspn(why, "\n")] = '\0';
		/* the name of a parameter is not its value */
		if (strncmp(why, "invalid URI query parameter", 27) != 0 &&
		    (end = strstr(why, ": \"")) != NULL)
			*end = '\0';
		while ((end = strchr(why, '"')) != NULL)
			*end = '\'';
	}
	conf_error(p, &url->pos, "%s, expected "
	    "\"postgresql://USER@HOST/DATABASE\" or the like",
	    why == NULL ? "out of memory" : conf_show(p, why));
}

static int
server_check(struct conf_parse *p, const struct conf_value *url)
{
	PQconninfoOption	*options;
	char			*why = NULL;
	int			 torn;

	if ((options = PQconninfoParse(url->text, &why)) == NULL) {
		server_error(p, url, why);
		PQfreemem(why);
		return (-1);
	}
	if ((torn = is_torn(options)))
		conf_error(p, &url->pos, "no host or port, expected that in a "
		    "name or password @ is %%40, / is %%2F and : is %%3A");
	PQconninfoFree(options);
	return (torn ? -1 : 0);
}

int
conf_sqlurl_check(struct conf_parse *p, const struct conf_value *url)
{
	const char	*path = sqlurl_file(url->text);
	char		 kind[CONF_PATH_MAX + 1];
	size_t		 len;

	if (strlen(url->text) > CONF_PATH_MAX) {
		conf_error(p, &url->pos, "too long, expected at most %d "
		    "octets", CONF_PATH_MAX);
		return (-1);
	}
	if (sqlurl_is_server(url->text))
		return (server_check(p, url));
	if (path != NULL && type_is_path(path) &&
	    path[strlen(path) - 1] != '/')
		return (0);
	/* what stands before :// at most, when it is no file */
	len = strncmp(url->text, "sqlite:", 7) == 0 ? strlen(url->text) :
	    strstr(url->text, "://") == NULL ? 0 :
	    (size_t)(strstr(url->text, "://") - url->text);
	(void)snprintf(kind, sizeof(kind), "%.*s", (int)len, url->text);
	conf_error(p, &url->pos, "unexpected '%s', expected "
	    "\"sqlite:///PATH\" or \"postgresql://HOST/DATABASE\"",
	    conf_show(p, kind));
	return (-1);
}

static int
is_plain_host(const char *host)
{
	return (host[0] != '/' && strchr(host, ',') == NULL);
}

/* In front of the parameters: user, host and port, database. */
static void
show_place(const PQconninfoOption *o, char *buf, size_t size)
{
	const char	*host = option(o, "host"), *port = option(o, "port");
	int		 plain = is_plain_host(host), colon;

	colon = strchr(host, ':') != NULL;
	(void)snprintf(buf, size, "postgresql://%s%s%s%s%s%s%s/%s",
	    option(o, "user"), option(o, "user")[0] != '\0' ? "@" : "",
	    plain && colon ? "[" : "", plain ? host : "",
	    plain && colon ? "]" : "", plain && port[0] != '\0' ? ":" : "",
	    plain ? port : "", option(o, "dbname"));
}

static int
is_shown(const PQconninfoOption *o, int plain)
{
	static const char *const	 hidden[] = { "password",
	    "sslpassword", "user", "dbname" };
	size_t				 i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (strcmp(o->keyword, hidden[i]) == 0)
			return (0);
	return (o->val != NULL && (!plain || (strcmp(o->keyword, "host") !=
	    0 && strcmp(o->keyword, "port") != 0)));
}

const char *
conf_sqlurl_show(const char *url, char *buf, size_t size)
{
	PQconninfoOption	*o, *options;
	char			 sep = '?';
	size_t			 len;
	int			 plain;

	if (!sqlurl_is_server(url)) {
		(void)strlcpy(buf, url, size);
		return (buf);
	}
	if ((options = PQconninfoParse(url, NULL)) == NULL) {
		(void)strlcpy(buf, "postgresql:", size);
		return (buf);
	}
	plain = is_plain_host(option(options, "host"));
	show_place(options, buf, size);
	for (o = options; o->keyword != NULL; o++) {
		if (!is_shown(o, plain))
			continue;
		len = strlen(buf);
		(void)snprintf(buf + len, size - len, "%c%s=%s", sep,
		    o->keyword, o->val);
		sep = '&';
	}
	PQconninfoFree(options);
	return (buf);
}
