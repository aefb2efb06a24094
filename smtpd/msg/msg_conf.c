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
 * Encoding of the slices of the configuration.
 */

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/code/code.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_part.h"

#define CONF_STRING_MAX	4096		/* of a setting */

static const struct {
	const char	*name;
	enum code_stage	 stage;
} about[SET_COUNT] = {
#define ABOUT(set, name, stage)	[set] = { name, stage },
	POLICY_SETTINGS(ABOUT)
#undef ABOUT
};

_Static_assert(SET_ALL <= UINT8_MAX, "a setting is one octet");

const char *
policy_setting_name(enum policy_setting set)
{
	if (set >= SET_COUNT)
		return ((set - SET_COUNT) % 2 == 0 ? "throttle.match" :
		    "throttle.key");
	return (about[set].name);
}

enum code_stage
policy_setting_stage(enum policy_setting set)
{
	return (set >= SET_COUNT ? STAGE_RCPT : about[set].stage);
}

static struct setting *
conf_setting(struct policy_conf *c, unsigned int set)
{
	struct throttle_conf	*t;

	if (set < SET_COUNT)
		return (&c->settings[set]);
	t = &c->throttles[(set - SET_COUNT) / 2];
	return ((set - SET_COUNT) % 2 == 0 ? &t->match : &t->key);
}

const struct setting *
policy_conf_setting(const struct policy_conf *c, enum policy_setting set)
{
	const struct throttle_conf	*t;

	if (set < SET_COUNT)
		return (&c->settings[set]);
	t = &c->throttles[(set - SET_COUNT) / 2];
	return ((set - SET_COUNT) % 2 == 0 ? &t->match : &t->key);
}

static void
put_setting(struct wbuf *w, const struct setting *s)
{
	wbuf_u8(w, (uint8_t)s->kind);
	wbuf_u64(w, (uint64_t)s->number);
	wbuf_str(w, s->string);
}

static void
get_setting(struct rbuf *r, struct setting *s)
{
	s->kind = (enum setting_kind)rbuf_u8(r, SETTING_KIND_COUNT - 1);
	s->number = (int64_t)rbuf_u64(r);
	s->string = rbuf_strdup(r, CONF_STRING_MAX);
	s->code = NULL;
	s->source = NULL;
	if (s->string != NULL && s->kind != SETTING_STRING) {
		if (s->string[0] != '\0')
			rbuf_fail(r);
		free(s->string);
		s->string = NULL;
	}
}

static void
put_throttle(struct wbuf *w, const struct throttle_conf *t)
{
	wbuf_str(w, t->name);
	wbuf_u64(w, t->id);
	wbuf_u32(w, t->rate.count);
	wbuf_u32(w, t->rate.period);
	put_setting(w, &t->match);
	put_setting(w, &t->key);
}

static void
get_throttle(struct rbuf *r, struct throttle_conf *t)
{
	rbuf_str(r, t->name, sizeof(t->name));
	t->id = rbuf_u64(r);
	t->rate.count = rbuf_u32(r);
	t->rate.period = rbuf_u32(r);
	get_setting(r, &t->match);
	get_setting(r, &t->key);
}

void
msg_put_policy_conf(struct wbuf *w, const struct policy_conf *c)
{
	size_t	 i;

	wbuf_str(w, c->hostname);
	wbuf_str(w, c->postmaster);
	wbuf_str(w, c->delims);
	msg_put_networks(w, &c->exempt);
	msg_put_exempt(w, &c->greylist_exempt);
	for (i = 0; i < SET_COUNT; i++)
		put_setting(w, &c->settings[i]);
	wbuf_u8(w, (uint8_t)c->nthrottles);
	for (i = 0; i < c->nthrottles; i++)
		put_throttle(w, &c->throttles[i]);
	msg_put_lists(w, c);
	wbuf_u32(w, c->nscripts);
}

int
msg_get_policy_conf(struct rbuf *r, struct policy_conf *c)
{
	size_t	 i;

	rbuf_str(r, c->hostname, sizeof(c->hostname));
	rbuf_str(r, c->postmaster, sizeof(c->postmaster));
	rbuf_str(r, c->delims, sizeof(c->delims));
	msg_get_networks(r, &c->exempt);
	msg_get_exempt(r, &c->greylist_exempt);
	for (i = 0; i < SET_COUNT; i++)
		get_setting(r, &c->settings[i]);
	c->nthrottles = rbuf_u8(r, CONF_THROTTLES_MAX);
	for (i = 0; i < c->nthrottles; i++)
		get_throttle(r, &c->throttles[i]);
	msg_get_lists(r, c);
	c->nscripts = rbuf_u32(r);
	if (c->nscripts > POLICY_SCRIPTS_MAX) {
		c->nscripts = 0;
		rbuf_fail(r);
	}
	c->scripts = c->nscripts == 0 ? NULL : xcalloc(c->nscripts,
	    sizeof(*c->scripts));
	if (rbuf_done(r))
		return (0);
	policy_conf_free(c);
	return (-1);
}

void
msg_put_policy_code(struct wbuf *w, const struct policy_conf *c,
    enum policy_setting set)
{
	wbuf_u8(w, (uint8_t)set);
	code_put(w, policy_conf_setting(c, set)->code);
}

int
msg_get_policy_code(struct rbuf *r, struct policy_conf *c)
{
	struct setting	*s = conf_setting(c, rbuf_u8(r, SET_ALL - 1));

	if (r->bad || s->kind != SETTING_PROGRAM || s->code != NULL)
		return (-1);
	/* for the process that runs it, before its sandbox closes */
	s->code = code_get(r, CODE_FAST);
	return (rbuf_done(r) && !s->code->script ? 0 : -1);
}

void
msg_put_policy_script(struct wbuf *w, const struct policy_conf *c,
    uint32_t i)
{
	const struct policy_script	*s = c->scripts[i];

	wbuf_u32(w, i);
	wbuf_str(w, s->name);
	wbuf_u8(w, s->accept);
	wbuf_u32(w, s->budget.steps);
	wbuf_u32(w, s->budget.memory);
	wbuf_u32(w, s->budget.asks);
	wbuf_u32(w, s->budget.wait);
	code_put(w, s->code);
}

int
msg_get_policy_script(struct rbuf *r, struct policy_conf *c)
{
	struct policy_script	*s;
	uint32_t		 i = rbuf_u32(r);

	if (r->bad || i >= c->nscripts || c->scripts[i] != NULL ||
	    (i > 0 && c->scripts[i - 1] == NULL))
		return (-1);
	s = c->scripts[i] = xcalloc(1, sizeof(*s));
	rbuf_str(r, s->name, sizeof(s->name));
	s->accept = rbuf_u8(r, 1);
	s->budget.steps = rbuf_u32(r);
	s->budget.memory = rbuf_u32(r);
	s->budget.asks = rbuf_u32(r);
	s->budget.wait = rbuf_u32(r);
	s->code = code_get(r, CODE_FAST);
	/* by name, so that each is found */
	if (!rbuf_done(r) || !s->code->script ||
	    (i > 0 && strcmp(c->scripts[i - 1]->name, s->name) >= 0))
		return (-1);
	return (0);
}

void
policy_script_free(struct policy_script *s)
{
	if (s == NULL)
		return;
	code_free(s->code);
	free(s->path);
	free(s);
}

void
setting_free(struct setting *s)
{
	free(s->string);
	free(s->source);
	code_free(s->code);
	s->string = s->source = NULL;
	s->code = NULL;
}

void
policy_conf_free(struct policy_conf *c)
{
	size_t	 i;

	for (i = 0; i < SET_ALL; i++)
		setting_free(conf_setting(c, (unsigned int)i));
	msg_free_lists(c);
	for (i = 0; i < c->nscripts; i++)
		policy_script_free(c->scripts[i]);
	free(c->scripts);
	c->scripts = NULL;
	c->nscripts = 0;
}

void
msg_put_front_conf(struct wbuf *w, const struct front_conf *c)
{
	wbuf_str(w, c->hostname);
	wbuf_u32(w, c->timeout);
	wbuf_u32(w, c->duration);
	wbuf_u32(w, c->max_sessions);
	wbuf_u32(w, c->max_per_client);
	wbuf_u8(w, c->tls_13);
	wbuf_str(w, c->ciphers);
	msg_put_networks(w, &c->exempt);
}

int
msg_get_front_conf(struct rbuf *r, struct front_conf *c)
{
	rbuf_str(r, c->hostname, sizeof(c->hostname));
	c->timeout = rbuf_u32(r);
	c->duration = rbuf_u32(r);
	c->max_sessions = rbuf_u32(r);
	c->max_per_client = rbuf_u32(r);
	c->tls_13 = rbuf_u8(r, 1);
	rbuf_str(r, c->ciphers, sizeof(c->ciphers));
	msg_get_networks(r, &c->exempt);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_listener(struct wbuf *w, const struct listener_conf *c)
{
	size_t	 i;

	msg_put_ip(w, &c->ip);
	wbuf_u16(w, c->port);
	wbuf_str(w, c->name);
	wbuf_u8(w, (uint8_t)c->tls);
	wbuf_u8(w, c->require);
	wbuf_str(w, c->auth);
	wbuf_u8(w, c->auth_clear);
	wbuf_u8(w, c->npkis);
	for (i = 0; i < c->npkis; i++)
		wbuf_u8(w, c->pkis[i]);
	wbuf_u8(w, c->submission);
	wbuf_u8(w, c->nproxies);
	for (i = 0; i < c->nproxies; i++)
		msg_put_net(w, &c->proxies[i]);
}

int
msg_get_listener(struct rbuf *r, struct listener_conf *c)
{
	size_t	 i;

	msg_get_ip(r, &c->ip);
	c->port = rbuf_u16(r);
	rbuf_str(r, c->name, sizeof(c->name));
	c->tls = (enum listener_tls)rbuf_u8(r, LISTENER_TLS_COUNT - 1);
	c->require = rbuf_u8(r, 1);
	rbuf_str(r, c->auth, sizeof(c->auth));
	c->auth_clear = rbuf_u8(r, 1);
	c->npkis = rbuf_u8(r, CONF_LISTENER_PKIS_MAX);
	for (i = 0; i < c->npkis; i++)
		c->pkis[i] = rbuf_u8(r, CONF_PKIS_MAX - 1);
	c->submission = rbuf_u8(r, 1);
	c->nproxies = rbuf_u8(r, CONF_PROXIES_MAX);
	for (i = 0; i < c->nproxies; i++)
		msg_get_net(r, &c->proxies[i]);
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_directories(struct wbuf *w, const struct directory_conf *d, size_t n)
{
	wbuf_u8(w, (uint8_t)n);
	for (; n > 0; n--, d++) {
		wbuf_str(w, d->name);
		wbuf_str(w, d->path);
		wbuf_u8(w, d->sql);
	}
}

size_t
msg_get_directories(struct rbuf *r, struct directory_conf *d)
{
	size_t	 i, n;

	n = rbuf_u8(r, CONF_DIRECTORIES_MAX);
	for (i = 0; i < n; i++, d++) {
		rbuf_str(r, d->name, sizeof(d->name));
		rbuf_str(r, d->path, sizeof(d->path));
		d->sql = rbuf_u8(r, CONF_SQLS_MAX);
	}
	return (n);
}

void
msg_put_queue_conf(struct wbuf *w, const struct queue_conf *c)
{
	uint32_t	 i;

	wbuf_str(w, c->hostname);
	wbuf_str(w, c->spool);
	wbuf_u32(w, c->nretries);
	for (i = 0; i < c->nretries; i++)
		wbuf_u32(w, c->retries[i]);
	wbuf_u32(w, c->expire);
	wbuf_u32(w, c->warn);
	wbuf_u32(w, c->concurrency);
	wbuf_str(w, c->lmtp);
	wbuf_u16(w, c->relay_port);
	wbuf_str(w, c->relay_host);
	wbuf_u32(w, c->nroutes);
	for (i = 0; i < c->nroutes; i++) {
		wbuf_str(w, c->routes[i].domain);
		wbuf_str(w, c->routes[i].url);
	}
}

int
msg_get_queue_conf(struct rbuf *r, struct queue_conf *c)
{
	uint32_t	 i;

	rbuf_str(r, c->hostname, sizeof(c->hostname));
	rbuf_str(r, c->spool, sizeof(c->spool));
	c->nretries = rbuf_u32(r);
	if (c->nretries > CONF_RETRIES_MAX)
		rbuf_fail(r);
	for (i = 0; i < c->nretries && !r->bad; i++)
		c->retries[i] = rbuf_u32(r);
	c->expire = rbuf_u32(r);
	c->warn = rbuf_u32(r);
	c->concurrency = rbuf_u32(r);
	rbuf_str(r, c->lmtp, sizeof(c->lmtp));
	c->relay_port = rbuf_u16(r);
	rbuf_str(r, c->relay_host, sizeof(c->relay_host));
	c->nroutes = rbuf_u32(r);
	if (c->nroutes > CONF_ROUTES_MAX)
		rbuf_fail(r);
	for (i = 0; i < c->nroutes && !r->bad; i++) {
		rbuf_str(r, c->routes[i].domain, sizeof(c->routes[i].domain));
		rbuf_str(r, c->routes[i].url, sizeof(c->routes[i].url));
	}
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_deliver_conf(struct wbuf *w, const struct deliver_conf *c)
{
	wbuf_str(w, c->hostname);
	wbuf_str(w, c->maildir);
}

int
msg_get_deliver_conf(struct rbuf *r, struct deliver_conf *c)
{
	rbuf_str(r, c->hostname, sizeof(c->hostname));
	rbuf_str(r, c->maildir, sizeof(c->maildir));
	return (rbuf_done(r) ? 0 : -1);
}

void
msg_put_control_conf(struct wbuf *w, const struct control_conf *c)
{
	size_t	 i;

	wbuf_str(w, c->hostname);
	wbuf_u32(w, c->prefork);
	msg_put_directories(w, c->directories, c->ndirectories);
	wbuf_u8(w, (uint8_t)c->nlisteners);
	for (i = 0; i < c->nlisteners; i++) {
		msg_put_ip(w, &c->listeners[i].ip);
		wbuf_u16(w, c->listeners[i].port);
		wbuf_str(w, c->listeners[i].name);
		wbuf_u8(w, c->listeners[i].tls);
	}
}

int
msg_get_control_conf(struct rbuf *r, struct control_conf *c)
{
	size_t	 i;

	rbuf_str(r, c->hostname, sizeof(c->hostname));
	c->prefork = rbuf_u32(r);
	c->ndirectories = msg_get_directories(r, c->directories);
	c->nlisteners = rbuf_u8(r, CONF_LISTENERS_MAX);
	for (i = 0; i < c->nlisteners && !r->bad; i++) {
		msg_get_ip(r, &c->listeners[i].ip);
		c->listeners[i].port = rbuf_u16(r);
		rbuf_str(r, c->listeners[i].name,
		    sizeof(c->listeners[i].name));
		c->listeners[i].tls = rbuf_u8(r, 1);
	}
	return (rbuf_done(r) ? 0 : -1);
}
