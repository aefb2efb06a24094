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
 * Statements of more than one value: directory, listen, deliver.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <bsd/string.h>

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/ip.h"
#include "smtpd/base/template.h"
#include "smtpd/conf_parse.h"

/* Names of listeners and directories: they stand in logs and rules. */
int
conf_name(struct conf_parse *p, const struct conf_value *v, size_t max)
{
	size_t	 i, len = strlen(v->text);

	for (i = 0; i < len && (isalnum((unsigned char)v->text[i]) ||
	    (i > 0 && strchr("._-", v->text[i]) != NULL)); i++)
		;
	if (len > 0 && len <= max && i == len &&
	    strcmp(v->text, "false") != 0 && strcmp(v->text, "no") != 0 &&
	    strcmp(v->text, "true") != 0 && strcmp(v->text, "yes") != 0)
		return (0);
	conf_error(p, &v->pos, "'%s' is not a name, expected up to %zu "
	    "letters, digits, '.', '_' and '-'", conf_show(p, v->text), max);
	return (-1);
}

/* Live changes belong to one name: no two share a table. */
static void
directory_path(struct conf_parse *p, const struct conf_value *path, char *dst,
    size_t size)
{
	const struct lookup_conf	*c = &p->conf->lookup;
	size_t				 i;

	for (i = 0; i < c->ndirectories; i++)
		if (strcmp(c->directories[i].path, path->text) == 0)
			conf_error(p, &path->pos, "directory '%s' has that "
			    "table already, expected another path",
			    c->directories[i].name);
	(void)strlcpy(dst, path->text, size);	/* is a path: it fits */
}

struct directory_conf *
conf_directory_add(struct conf_parse *p, const struct conf_value *name)
{
	struct lookup_conf	*c = &p->conf->lookup;
	struct directory_conf	*d;
	size_t			 i;

	if (conf_name(p, name, SESSION_DIRECTORY_MAX) == -1)
		return (NULL);
	for (i = 0; i < c->ndirectories; i++) {
		if (strcmp(c->directories[i].name, name->text) != 0)
			continue;
		conf_error(p, &name->pos, "there is a directory '%s' already, "
		    "expected another name", name->text);
		return (NULL);
	}
	if (c->ndirectories == CONF_DIRECTORIES_MAX) {
		conf_error(p, &name->pos, "too many directories, expected at "
		    "most %d", CONF_DIRECTORIES_MAX);
		return (NULL);
	}
	d = &c->directories[c->ndirectories];
	(void)strlcpy(d->name, name->text, sizeof(d->name));
	c->ndirectories++;
	return (d);
}

void
conf_directory(struct conf_parse *p, const struct conf_value *name,
    const struct conf_value *path)
{
	struct directory_conf	*d;

	if ((d = conf_directory_add(p, name)) == NULL)
		return;
	if (type_is_path(path->text) &&
	    path->text[strlen(path->text) - 1] != '/')
		directory_path(p, path, d->path, sizeof(d->path));
	else
		conf_error(p, &path->pos, "unexpected '%s', expected the "
		    "absolute path of a table, as in "
		    "\"/etc/smtpd/directory.db\"", conf_show(p, path->text));
}

static int
ip_is_any(const struct ip *ip)
{
	static const uint8_t	 none[sizeof(ip->octets)];

	return (memcmp(ip->octets, none, sizeof(none)) == 0);
}

/* Could both not be listened on at the same port? */
static int
ip_overlap(const struct ip *a, const struct ip *b)
{
	return (ip_equal(a, b) || (a->family == b->family &&
	    (ip_is_any(a) || ip_is_any(b))));
}

static void
listener_add(struct conf_parse *p, const struct conf_value *address,
    const struct listener_conf *l)
{
	struct conf	*c = p->conf;
	char		 text[IP_STR_SIZE];
	size_t		 i;

	for (i = 0; i < c->nlisteners; i++) {
		if (c->listeners[i].port != l->port ||
		    !ip_overlap(&c->listeners[i].ip, &l->ip))
			continue;
		conf_error(p, &address->pos, "there is a listener on '%s' "
		    "port %u already, expected another address or port",
		    ip_format(&c->listeners[i].ip, text, sizeof(text)),
		    l->port);
		return;
	}
	if (c->nlisteners == CONF_LISTENERS_MAX) {
		conf_error(p, &address->pos, "too many listeners, expected at "
		    "most %d", CONF_LISTENERS_MAX);
		return;
	}
	c->listeners[c->nlisteners++] = *l;
}

static int
have_ipv6(void)
{
	int	 fd;

	if ((fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return (errno != EAFNOSUPPORT);
	close(fd);
	return (1);
}

void
conf_listen(struct conf_parse *p, const struct conf_value *address,
    const struct conf_value *port, const struct conf_option *options)
{
	struct listener_conf	 l;
	size_t			 first = p->conf->nlisteners;
	int64_t			 n;

	memset(&l, 0, sizeof(l));
	if (value_number(port->text, &n) == -1 || n < 1 || n > 65535) {
		conf_error(p, &port->pos, "unexpected '%s', expected a port "
		    "from 1 to 65535", conf_show(p, port->text));
		return;
	}
	l.port = (uint16_t)n;
	if (conf_listen_options(p, options, &l) == -1)
		return;
	if (strcmp(address->text, "*") == 0) {
		(void)ip_parse("0.0.0.0", &l.ip);
		listener_add(p, address, &l);
		if (have_ipv6()) {
			(void)ip_parse("::", &l.ip);
			listener_add(p, address, &l);
		}
	} else if (ip_parse(address->text, &l.ip) == 0)
		listener_add(p, address, &l);
	else
		conf_error(p, &address->pos, "unexpected '%s', expected an "
		    "IPv4 or IPv6 address, or *",
		    conf_show(p, address->text));
	conf_listen_pkis(p, options, first, p->conf->nlisteners - first);
}

void
conf_deliver(struct conf_parse *p, const struct conf_word *w,
    const struct conf_value *template)
{
	struct deliver_conf	*c = &p->conf->deliver;
	char			 why[128];

	if (conf_once(p, w, &template->pos) == -1)
		return;
	if (template_check(template->text, why, sizeof(why)) == -1)
		conf_error(p, &template->pos, "'%s' %s%s",
		    conf_show(p, template->text), why,
		    strstr(why, ", expected ") != NULL ? "" : ", expected "
		    "\"/var/vmail/%{domain}/%{local}\" or the like");
	else if (strlcpy(c->maildir, template->text, sizeof(c->maildir)) >=
	    sizeof(c->maildir))
		conf_error(p, &template->pos, "template too long, expected at "
		    "most %d octets", CONF_PATH_MAX);
}
