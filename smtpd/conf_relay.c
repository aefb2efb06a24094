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
 * Statements about mail that goes on: relay, resolver, deliver lmtp.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/idn.h"
#include "smtpd/base/ip.h"
#include "smtpd/conf_parse.h"
#include "smtpd/conf_relay.h"
#include "smtpd/smtp/nexthop.h"

#define SECRETS_SIZE	(64 * 1024)	/* of a file of them */

/* A URL that leads somewhere onward; what it is is kept in *h. */
static int
relay_url(struct conf_parse *p, const struct conf_value *v, char *out,
    struct nexthop *h)
{
	const char	*why;

	if (nexthop_parse(v->text, h, &why) == -1) {
		conf_error(p, &v->pos, "'%s' %s, expected "
		    "\"smtp://mx.example.org\" or the like",
		    conf_show(p, v->text), why);
		return (-1);
	}
	if (h->kind == NEXTHOP_UNIX) {
		conf_error(p, &v->pos, "'%s' is a socket of this machine, "
		    "expected a host", conf_show(p, v->text));
		return (-1);
	}
	if (nexthop_format(h, out, NEXTHOP_STR_SIZE) == -1) {
		conf_error(p, &v->pos, "URL too long, expected at most %d "
		    "octets", NEXTHOP_STR_SIZE - 1);
		return (-1);
	}
	return (0);
}

/* "user@host secret" a line; returns how many were added, or -1. */
static int
secrets_read(struct relay_conf *c, char *text)
{
	struct relay_secret	*s;
	char			*line, *value;
	int			 n = 0;

	while ((line = strsep(&text, "\n")) != NULL) {
		line += strspn(line, " \t\r");
		if (*line == '\0' || *line == '#')
			continue;
		value = line + strcspn(line, " \t");
		if (*value == '\0' || c->nsecrets == RELAY_SECRETS_MAX)
			return (-1);
		*value++ = '\0';
		value += strspn(value, " \t");
		value[strcspn(value, "\r")] = '\0';
		s = &c->secrets[c->nsecrets];
		if (strlcpy(s->where, line, sizeof(s->where)) >=
		    sizeof(s->where) || *value == '\0' ||
		    strlcpy(s->secret, value, sizeof(s->secret)) >=
		    sizeof(s->secret))
			return (-1);
		c->nsecrets++;
		n++;
	}
	return (n);
}

static void
relay_secrets(struct conf_parse *p, const struct conf_value *file)
{
	static char	 buf[SECRETS_SIZE];
	struct stat	 st;
	ssize_t		 n;
	int		 fd;

	/* not a place to wait for a writer */
	fd = open(file->text, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1 || fstat(fd, &st) == -1 ||
	    (n = read(fd, buf, sizeof(buf) - 1)) == -1) {
		conf_error(p, &file->pos, "cannot read '%s': %s, expected a "
		    "file of lines \"user@host secret\"",
		    conf_show(p, file->text), strerror(errno));
		if (fd != -1)
			close(fd);
		return;
	}
	close(fd);
	buf[n] = '\0';
	if (!S_ISREG(st.st_mode) || (st.st_mode & 07) != 0)
		conf_error(p, &file->pos, "'%s' can be read by everybody, or "
		    "is no file, expected mode 0600", conf_show(p,
		    file->text));
	else if ((size_t)n == sizeof(buf) - 1)	/* and maybe half a line */
		conf_error(p, &file->pos, "'%s' is too long, expected less "
		    "than %zu octets", conf_show(p, file->text),
		    sizeof(buf) - 1);
	else if (secrets_read(&p->conf->relay, buf) == -1)
		conf_error(p, &file->pos, "'%s' has a line that is not "
		    "\"user@host secret\", or more than %d of them",
		    conf_show(p, file->text), RELAY_SECRETS_MAX);
	explicit_bzero(buf, sizeof(buf));
}

/* Whoever names a user names the file with the secret. */
static void
relay_auth(struct conf_parse *p, const struct conf_value *url,
    const struct nexthop *h, const struct conf_value *file)
{
	if (file != NULL)
		relay_secrets(p, file);
	else if (h->user[0] != '\0')
		conf_error(p, &url->pos, "'%s' names a user, expected auth "
		    "file \"PATH\" with the secret", conf_show(p, url->text));
}

void
conf_relay_mx(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *mx, const struct conf_value *port)
{
	int64_t	 n = 25;

	if (conf_once(p, w, &mx->pos) == -1)
		return;
	if (port != NULL && (value_number(port->text, &n) == -1 || n < 1 ||
	    n > 65535)) {
		conf_error(p, &port->pos, "unexpected '%s', expected a port "
		    "from 1 to 65535", conf_show(p, port->text));
		return;
	}
	p->conf->queue.relay_port = (uint16_t)n;
}

void
conf_relay_host(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *url, const struct conf_value *file)
{
	struct nexthop	 h;

	if (conf_once(p, w, &url->pos) == 0 &&
	    relay_url(p, url, p->conf->queue.relay_host, &h) == 0)
		relay_auth(p, url, &h, file);
}

static void
route_add(struct conf_parse *p, const char *url, const struct conf_value *v)
{
	struct queue_conf	*c = &p->conf->queue;
	struct relay_route	*r = &c->routes[c->nroutes];
	const char		*name = v->text + (v->text[0] == '.');

	if (c->nroutes == CONF_ROUTES_MAX) {
		conf_error(p, &v->pos, "too many routes, expected at most %d",
		    CONF_ROUTES_MAX);
		return;
	}
	r->domain[0] = '.';
	if (address_check_domain(name, strlen(name), ADDRESS_UTF8_OK) !=
	    ADDRESS_OK || idn_fold(name, r->domain + (v->text[0] == '.'),
	    sizeof(r->domain) - 1) == -1) {
		conf_error(p, &v->pos, "'%s' is no domain, expected "
		    "example.org, or .example.org for those below it",
		    conf_show(p, v->text));
		return;
	}
	(void)strlcpy(r->url, url, sizeof(r->url));
	c->nroutes++;
}

void
conf_relay_via(struct conf_parse *p, const struct conf_value *url,
    const struct conf_value *domains, const struct conf_value *file)
{
	struct nexthop	 h;
	char		 text[NEXTHOP_STR_SIZE];

	if (relay_url(p, url, text, &h) == -1)
		return;
	relay_auth(p, url, &h, file);
	for (; domains != NULL; domains = domains->next)
		route_add(p, text, domains);
}

/* "192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53" */
static int
resolver_address(const char *text)
{
	char		 host[IP_STR_SIZE];
	size_t		 len = strlen(text), n;
	int64_t		 port = 53;
	struct ip	 ip;

	if (text[0] == '[') {
		n = strcspn(++text, "]");
		len = n;
		if (text[n] == ']' && text[++n] == ':' &&
		    value_number(text + n + 1, &port) == -1)
			return (-1);
		if (text[n] != '\0' && text[n] != ':')
			return (-1);
	} else if (strchr(text, ':') == strrchr(text, ':') &&
	    strchr(text, ':') != NULL) {
		len = strcspn(text, ":");
		if (value_number(text + len + 1, &port) == -1)
			return (-1);
	}
	if (len >= sizeof(host) || port < 1 || port > 65535)
		return (-1);
	memcpy(host, text, len);
	host[len] = '\0';
	return (ip_parse(host, &ip));
}

void
conf_resolver(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	char	*all = p->conf->relay.resolver;
	size_t	 size = sizeof(p->conf->relay.resolver);

	if (conf_once(p, w, &v->pos) == -1)
		return;
	for (; v != NULL; v = v->next) {
		if (resolver_address(v->text) == -1) {
			conf_error(p, &v->pos, "unexpected '%s', expected the "
			    "address of a name server, as in "
			    "\"192.0.2.1:53\"", conf_show(p, v->text));
			return;
		}
		if (all[0] != '\0')
			(void)strlcat(all, ",", size);
		if (strlcat(all, v->text, size) >= size)
			conf_error(p, &v->pos, "too many name servers, "
			    "expected less than %zu octets", size);
	}
}

void
conf_deliver_lmtp(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *v)
{
	char		 text[NEXTHOP_STR_SIZE];
	const char	*why;
	struct nexthop	 h;

	if (conf_once(p, w, &v->pos) == -1)
		return;
	(void)snprintf(text, sizeof(text), "%s%s", v->text[0] == '/' ?
	    "lmtp://" : "", v->text);
	if (nexthop_parse(text, &h, &why) == -1 || !h.lmtp ||
	    nexthop_format(&h, p->conf->queue.lmtp,
	    sizeof(p->conf->queue.lmtp)) == -1)
		conf_error(p, &v->pos, "'%s' is no LMTP server, expected "
		    "\"/run/dovecot/lmtp\" or \"lmtp://host:24\"",
		    conf_show(p, v->text));
}
