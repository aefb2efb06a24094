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
 * The parts of a configuration that a reload cannot change, each as a row of
 * octets of which a digest is made.
 */

#include <sys/types.h>
#include <bsd/string.h>

#include <crypt.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/conf.h"
#include "smtpd/parent.h"

/* Costly, and always the same: texts of two servers are compared. */
#define ASPECT_SALT	"$y$j9T$smtpd.aspects.1/$"

static void
digest_octets(SHA2_CTX *ctx, struct wbuf *w)
{
	uint64_t	 len = w->len;

	if (w->bad)
		fatalx("aspect: does not fit");
	SHA256Update(ctx, (const uint8_t *)&len, sizeof(len));
	SHA256Update(ctx, w->data, w->len);
	wbuf_free(w);
}

static void
digest_text(SHA2_CTX *ctx, const char *text)
{
	SHA256Update(ctx, (const uint8_t *)text, strlen(text) + 1);
}

static void
digest_slice(SHA2_CTX *ctx, enum proc_id id, unsigned int inst,
    const struct conf *conf)
{
	uint8_t	 digest[CHILD_DIGEST_SIZE];

	child_digest(id, inst, conf, digest);
	SHA256Update(ctx, digest, sizeof(digest));
}

/*
 * What is left of a slice when all is put aside that may change or is an
 * aspect of its own.
 */
static void
digest_rest(SHA2_CTX *ctx, enum proc_id id, const struct conf *conf)
{
	struct conf	*rest;

	rest = xcalloc(1, sizeof(*rest));
	*rest = *conf;
	rest->deliver.hostname[0] = '\0';
	rest->relay.hostname[0] = '\0';
	rest->relay.nown = 0;
	rest->lookup.state[0] = '\0';
	memset(&rest->lookup.harvest, 0, sizeof(rest->lookup.harvest));
	memset(&rest->lookup.greylist, 0, sizeof(rest->lookup.greylist));
	rest->lookup.max_depth = 0;
	rest->lookup.max_expansion = 0;
	digest_slice(ctx, id, 0, rest);
	free(rest);
}

static void
put_hostname(SHA2_CTX *ctx, const struct conf *conf)
{
	digest_text(ctx, conf->front.hostname);
}

static void
put_spool(SHA2_CTX *ctx, const struct conf *conf)
{
	digest_text(ctx, conf->queue.spool);
}

static void
put_state(SHA2_CTX *ctx, const struct conf *conf)
{
	digest_text(ctx, conf->lookup.state);
}

static void
put_control(SHA2_CTX *ctx, const struct conf *conf)
{
	digest_text(ctx, conf->control_socket);
}

static void
put_prefork(SHA2_CTX *ctx, const struct conf *conf)
{
	SHA256Update(ctx, (const uint8_t *)&conf->prefork,
	    sizeof(conf->prefork));
}

static void
put_hashes(SHA2_CTX *ctx, const struct conf *conf)
{
	SHA256Update(ctx, (const uint8_t *)&conf->hashes,
	    sizeof(conf->hashes));
}

/* As octets: what is behind the end of a string does not count. */
static void
put_listeners(SHA2_CTX *ctx, const struct conf *conf)
{
	struct wbuf	 w;
	size_t		 i;

	wbuf_init(&w);
	for (i = 0; i < conf->nlisteners; i++)
		msg_put_listener(&w, &conf->listeners[i]);
	digest_octets(ctx, &w);
}

/* Listeners know them by number. */
static void
put_pkis(SHA2_CTX *ctx, const struct conf *conf)
{
	size_t	 i;

	for (i = 0; i < conf->npkis; i++)
		digest_text(ctx, conf->pkis[i].name);
}

static void
put_harvest(SHA2_CTX *ctx, const struct conf *conf)
{
	const struct harvest_conf	*h = &conf->lookup.harvest;
	struct wbuf			 w;

	wbuf_init(&w);
	wbuf_u32(&w, h->budget.count);
	wbuf_u32(&w, h->budget.period);
	wbuf_u32(&w, h->ban);
	digest_octets(ctx, &w);
}

static void
put_greylist(SHA2_CTX *ctx, const struct conf *conf)
{
	const struct greylist_conf	*g = &conf->lookup.greylist;
	struct wbuf			 w;

	wbuf_init(&w);
	wbuf_u32(&w, g->delay);
	wbuf_u32(&w, g->window);
	wbuf_u32(&w, g->expire);
	wbuf_u32(&w, g->pass_after);
	digest_octets(ctx, &w);
}

static void
put_lookup(SHA2_CTX *ctx, const struct conf *conf)
{
	unsigned int	 i;

	digest_rest(ctx, PROC_LOOKUP, conf);
	for (i = 0; i < conf->lookup.nsqls; i++)
		digest_slice(ctx, PROC_SQL, i, conf);
}

static void
put_deliver(SHA2_CTX *ctx, const struct conf *conf)
{
	digest_text(ctx, conf->queue.lmtp);
	digest_rest(ctx, PROC_DELIVER, conf);
}

static void
put_relay(SHA2_CTX *ctx, const struct conf *conf)
{
	digest_rest(ctx, PROC_RELAY, conf);
}

static const struct {
	const char	*what;
	void		(*put)(SHA2_CTX *, const struct conf *);
	int		 secret;	/* has passwords in it */
} aspects[] = {
	{ "'hostname'",			put_hostname,	0 },
	{ "'spool'",			put_spool,	0 },
	{ "'state'",			put_state,	0 },
	{ "'control'",			put_control,	0 },
	{ "'prefork'",			put_prefork,	0 },
	{ "'listen'",			put_listeners,	0 },
	{ "the names of 'pki'",		put_pkis,	0 },
	{ "'processes' of 'auth'",	put_hashes,	0 },
	{ "'harvest'",			put_harvest,	0 },
	{ "a time of 'greylist'",	put_greylist,	0 },
	{ "'directory' or 'store'",	put_lookup,	1 },
	{ "'deliver'",			put_deliver,	0 },
	{ "'resolver' or a secret of 'relay'", put_relay, 1 },
};

const char *
aspect_name(size_t i)
{
	return (i < sizeof(aspects) / sizeof(aspects[0]) ? aspects[i].what :
	    NULL);
}

void
aspect_digest(size_t i, const struct conf *conf,
    uint8_t digest[CHILD_DIGEST_SIZE])
{
	SHA2_CTX	 ctx;

	SHA256Init(&ctx);
	aspects[i].put(&ctx, conf);
	SHA256Final(digest, &ctx);
}

void
aspect_text(size_t i, const struct conf *conf, char text[ASPECT_TEXT_SIZE])
{
	uint8_t			 digest[CHILD_DIGEST_SIZE];
	struct crypt_data	*data;
	const char		*hash;
	size_t			 j;

	aspect_digest(i, conf, digest);
	for (j = 0; j < sizeof(digest); j++)
		(void)snprintf(text + 2 * j, 3, "%02x", digest[j]);
	if (!aspects[i].secret)
		return;
	data = xcalloc(1, sizeof(*data));
	hash = crypt_r(text, ASPECT_SALT, data);
	if (hash == NULL || hash[0] == '*' || strlcpy(text, hash,
	    ASPECT_TEXT_SIZE) >= ASPECT_TEXT_SIZE)
		fatalx("aspect: crypt");
	free(data);
}
