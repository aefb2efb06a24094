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
 * What can be seen only when all has been read: what is missing, what does
 * not fit together, and the copies that processes get.
 */

#include <bsd/string.h>

#include <string.h>
#include <unistd.h>

#include "smtpd/conf_parse.h"
#include "smtpd/conf_sieve.h"

/* Errors of what is not there point at the start of the file. */
static struct conf_pos
check_nowhere(const struct conf_parse *p)
{
	struct conf_pos	 pos = { .file = p->name, .line = 1, .column = 1 };

	return (pos);
}

static const struct conf_pos *
check_seen(const struct conf_parse *p, enum conf_block block,
    const char *name)
{
	return (&p->seen[word_index(word_find(block, name))]);
}

/* Does nothing say so, not even something that was refused? */
static int
check_silent(const struct conf_parse *p, enum conf_block block,
    const char *name)
{
	return (!p->incomplete &&
	    !p->tried[word_index(word_find(block, name))]);
}

/* Without 'hostname' it is the machine's. */
static void
check_hostname(struct conf_parse *p)
{
	const struct conf_word	*w = word_find(BLOCK_TOP, "hostname");
	struct conf_pos		 pos = check_nowhere(p);
	char			 buf[CONF_HOST_MAX + 1];
	struct conf_value	 v = { .text = buf };

	if (!check_silent(p, BLOCK_TOP, w->name))
		return;
	buf[CONF_HOST_MAX] = '\0';
	if (gethostname(buf, CONF_HOST_MAX) == -1 || !type_is_hostname(buf)) {
		conf_error(p, &pos, "no 'hostname', and this machine does not "
		    "know its full name, expected hostname mx.example.org or "
		    "the like");
		return;
	}
	v.pos = pos;
	(void)type_set(p, w, &v);	/* is one, as was just seen */
}

static void
check_postmaster(struct conf_parse *p)
{
	struct policy_conf	*c = &p->conf->policy;

	if (c->postmaster[0] == '\0' && c->hostname[0] != '\0')
		(void)snprintf(c->postmaster, sizeof(c->postmaster),
		    "postmaster@%s", c->hostname);
}

/* A directory that is named somewhere has to be there; '' is the first. */
void
conf_want_directory(struct conf_parse *p, const char *name,
    const struct conf_pos *pos)
{
	const struct lookup_conf	*c = &p->conf->lookup;
	const struct conf_word		*w = word_find(BLOCK_TOP, "directory");
	size_t				 i;

	for (i = 0; i < c->ndirectories; i++)
		if (name[0] == '\0' ||
		    strcmp(c->directories[i].name, name) == 0)
			return;
	/* it may be one that was refused */
	if (p->incomplete || (size_t)p->tried[word_index(w)] >
	    c->ndirectories)
		return;
	conf_error(p, pos, "there is no directory '%s', expected %s",
	    conf_show(p, name), c->ndirectories == 0 ?
	    "a 'directory' statement" : c->directories[0].name);
}

struct conf_reference {
	conf_checker		 check;
	const char		*name;
	struct conf_pos		 pos;
	struct conf_reference	*next;
};

void
conf_refer(struct conf_parse *p, conf_checker check, const char *name,
    const struct conf_pos *pos)
{
	struct conf_reference	*ref = conf_keep(p, sizeof(*ref));

	ref->check = check;
	ref->name = name;
	ref->pos = *pos;
	ref->next = p->references;
	p->references = ref;
}

static void
check_references(struct conf_parse *p)
{
	struct conf_reference	*ref, *next, *turned = NULL;

	/* in the order of the file */
	for (ref = p->references; ref != NULL; ref = next) {
		next = ref->next;
		ref->next = turned;
		turned = ref;
	}
	for (ref = turned; ref != NULL; ref = ref->next)
		ref->check(p, ref->name, &ref->pos);
}

/* Without rcpt { directory } it is the first one. */
static void
check_directory(struct conf_parse *p)
{
	const struct lookup_conf	*c = &p->conf->lookup;
	const struct conf_word		*w = word_find(BLOCK_RCPT, "directory");
	const struct conf_pos		*seen = &p->seen[word_index(w)];
	struct setting			*s;
	struct conf_pos			 pos = check_nowhere(p);
	struct conf_value		 v = { .pos = pos };

	if (seen->line == 0 && c->ndirectories == 0) {
		if (!check_silent(p, BLOCK_TOP, "directory") ||
		    !check_silent(p, BLOCK_RCPT, "directory"))
			return;
		conf_error(p, &pos, "no 'directory', expected directory "
		    "accounts db \"/etc/smtpd/directory.db\" or the like, or "
		    "rcpt { directory false }");
		return;
	}
	if (seen->line == 0) {
		v.text = c->directories[0].name;
		(void)type_set(p, w, &v);	/* conf_name has seen it */
		return;
	}
	s = &p->conf->policy.settings[SET_RCPT_DIRECTORY];
	if (s->kind == SETTING_STRING)
		conf_want_directory(p, s->string, seen);
}

/* Settings of a greylist that never is one. */
static void
check_greylist(struct conf_parse *p)
{
	static const char *const	 names[] = { "delay", "window",
	    "expire", "pass-after", "exempt" };
	const struct conf_pos		*seen;
	size_t				 i;

	if (!check_silent(p, BLOCK_GREYLIST, "when"))
		return;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		seen = check_seen(p, BLOCK_GREYLIST, names[i]);
		if (seen->line == 0)
			continue;
		conf_error(p, seen, "'greylist' without 'when' does nothing, "
		    "expected when yes or rules beside '%s'", names[i]);
		return;
	}
}

static void
check_missing(struct conf_parse *p)
{
	struct conf_pos	 pos = check_nowhere(p);

	if (check_silent(p, BLOCK_TOP, "listen"))
		conf_error(p, &pos, "no 'listen', expected listen on 0.0.0.0 "
		    "port 25 or the like");
	if (check_silent(p, BLOCK_TOP, "deliver"))
		conf_error(p, &pos, "no 'deliver', expected deliver maildir "
		    "\"/var/vmail/%%{domain}/%%{local}\" or the like");
}

static void
check_paths(struct conf_parse *p)
{
	const struct conf_pos	*pos = check_seen(p, BLOCK_TOP, "state");
	struct conf_pos		 nowhere = check_nowhere(p);

	if (strcmp(p->conf->queue.spool, p->conf->lookup.state) == 0)
		conf_error(p, pos->line == 0 ? &nowhere : pos, "'spool' and "
		    "'state' are the same, expected two directories");
}

/* Each process gets its slice: what several need is copied. */
static void
check_copy(struct conf *c)
{
	const char	*hostname = c->policy.hostname;
	size_t		 i;

	(void)strlcpy(c->front.hostname, hostname, sizeof(c->front.hostname));
	(void)strlcpy(c->deliver.hostname, hostname,
	    sizeof(c->deliver.hostname));
	(void)strlcpy(c->control.hostname, hostname,
	    sizeof(c->control.hostname));
	(void)strlcpy(c->queue.hostname, hostname, sizeof(c->queue.hostname));
	(void)strlcpy(c->relay.hostname, hostname, sizeof(c->relay.hostname));
	if (c->queue.relay_port == 0)
		c->queue.relay_port = 25;
	c->relay.nown = c->nlisteners;
	for (i = 0; i < c->nlisteners; i++) {
		c->relay.own[i].ip = c->listeners[i].ip;
		c->relay.own[i].port = c->listeners[i].port;
	}
	c->front.exempt = c->policy.exempt;
	c->control.prefork = c->prefork;
	c->control.ndirectories = c->lookup.ndirectories;
	memcpy(c->control.directories, c->lookup.directories,
	    sizeof(c->control.directories));
	c->control.nlisteners = c->nlisteners;
	for (i = 0; i < c->nlisteners; i++) {
		c->control.listeners[i].ip = c->listeners[i].ip;
		c->control.listeners[i].port = c->listeners[i].port;
		(void)strlcpy(c->control.listeners[i].name,
		    c->listeners[i].name, sizeof(c->listeners[i].name));
		c->control.listeners[i].tls = c->listeners[i].require ||
		    c->listeners[i].tls == LISTENER_TLS;
	}
	/* each front may hold its share */
	c->front.max_sessions = (c->max_sessions + c->prefork - 1) /
	    c->prefork;
}

void
conf_check(struct conf_parse *p)
{
	check_hostname(p);
	check_postmaster(p);
	check_directory(p);
	conf_sieve_check(p);
	check_references(p);		/* those of scripts too */
	conf_sql_check(p);
	check_missing(p);
	check_greylist(p);
	check_paths(p);
	conf_pki_check(p);
	throttle_check(p);
	check_copy(p->conf);
}
