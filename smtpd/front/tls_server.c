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
 * The TLS contexts.  libtls makes them; what it cannot be told is set on
 * the SSL_CTX behind them, caught when it is made.
 *
 * A context is never freed: handshakes under way point to it.
 */

#include <openssl/ssl.h>

#include <stdlib.h>
#include <string.h>
#include <tls.h>

#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"
#include "smtpd/front/session.h"
#include "smtpd/front/tls_key.h"
#include "smtpd/front/tls_server.h"
#include "smtpd/front/tls_ticket.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_keys.h"

#define MADE_MAX	(2 * CONF_LISTENER_PKIS_MAX)

/* Of libtls, but not in its header. */
void	 tls_config_use_fake_private_key(struct tls_config *);

struct cert_set {
	size_t		 n;
	struct pem_note	 certs[CONF_PKIS_MAX];
};

/* One for each different list of certificates. */
static struct server {
	uint8_t		 npkis;
	uint8_t		 pkis[CONF_LISTENER_PKIS_MAX];
	struct tls	*tls;
	int		 good;
} servers[CONF_LISTENERS_MAX];
static size_t		 nservers;
static struct cert_set	 certs, coming;
static int		 started;
static SSL_CTX		*made[MADE_MAX];	/* since made_begin */
static size_t		 nmade;
static int		 finished;	/* a handshake, in the call under way */

/* OpenSSL makes or frees an SSL_CTX. */
static void
made_new(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl,
    void *argp)
{
	if (nmade < MADE_MAX)
		made[nmade++] = parent;
}

static void
made_free(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl,
    void *argp)
{
	size_t	 i;

	for (i = 0; i < nmade; i++)
		if (made[i] == parent)
			made[i] = made[--nmade];
}

static void
made_begin(void)
{
	static int	 hooked;

	nmade = 0;
	if (hooked)
		return;
	hooked = 1;
	if (tls_init() == -1 || CRYPTO_get_ex_new_index(
	    CRYPTO_EX_INDEX_SSL_CTX, 0, NULL, made_new, NULL, made_free) == -1)
		fatalx("TLS library");
}

/*
 * A client that offers protocols must offer ours: else it was sent here by
 * somebody who mixes protocols up on purpose.  RFC 7301 3.2.
 */
static int
alpn(SSL *ssl, const unsigned char **out, unsigned char *outlen,
    const unsigned char *in, unsigned int len, void *arg)
{
	unsigned int	 at, n;

	for (at = 0; at < len; at += 1 + n) {
		n = in[at];
		if (n >= len - at)
			break;
		if (n == 4 && memcmp(in + at + 1, "smtp", 4) == 0) {
			*out = in + at + 1;
			*outlen = (unsigned char)n;
			return (SSL_TLSEXT_ERR_OK);
		}
	}
	return (SSL_TLSEXT_ERR_ALERT_FATAL);
}

static void
info(const SSL *ssl, int where, int ret)
{
	if (where & SSL_CB_HANDSHAKE_DONE)
		finished = 1;
}

/* What libtls cannot be told. */
static int
made_settle(SSL_CTX *ctx)
{
	/* an idle session keeps no buffer: 15 KiB instead of 23 and more */
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	/* one system call for a record, not one for its head and its body */
	SSL_CTX_set_read_ahead(ctx, 1);
	/* lines and texts know their end, so a cut is noticed anyway */
	SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF |
	    SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_alpn_select_cb(ctx, alpn, NULL);
	SSL_CTX_set_info_callback(ctx, info);
	if (tls_ticket_install(ctx) == -1 || tls_key_install(ctx) == -1)
		return (-1);
	return (0);
}

static int
config_certs(struct tls_config *c, const struct server *s)
{
	const char	*pem;
	size_t		 i;
	int		 ret;

	for (i = 0; i < s->npkis; i++) {
		if (s->pkis[i] >= certs.n)
			return (-1);
		pem = certs.certs[s->pkis[i]].pem;
		if (i == 0)
			ret = tls_config_set_keypair_mem(c,
			    (const uint8_t *)pem, strlen(pem), NULL, 0);
		else
			ret = tls_config_add_keypair_mem(c,
			    (const uint8_t *)pem, strlen(pem), NULL, 0);
		if (ret == -1)
			return (-1);
	}
	return (s->npkis == 0 ? -1 : 0);
}

/* NULL when the settings are refused; why has been logged. */
static struct tls_config *
config_make(const struct server *s)
{
	/* tickets of one front are good for all: RFC 5077 is stateless */
	static const unsigned char	 id[] = "smtpd";
	struct tls_config		*c;
	uint32_t			 versions = TLS_PROTOCOL_TLSv1_3;

	if (!front_conf.tls_13)
		versions |= TLS_PROTOCOL_TLSv1_2;
	if ((c = tls_config_new()) == NULL) {
		log_warn("TLS");
		return (NULL);
	}
	tls_config_use_fake_private_key(c);
	if (tls_config_set_protocols(c, versions) == -1 ||
	    tls_config_set_ciphers(c, front_conf.ciphers) == -1 ||
	    tls_config_set_session_id(c, id, sizeof(id)) == -1 ||
	    config_certs(c, s) == -1) {
		log_warnx("TLS: %s", tls_config_error(c) == NULL ?
		    "no such certificate" : tls_config_error(c));
		tls_config_free(c);
		return (NULL);
	}
	return (c);
}

static void
server_configure(struct server *s)
{
	struct tls_config	*c;
	size_t			 i;

	s->good = 0;
	made_begin();
	if ((c = config_make(s)) == NULL)
		return;
	if (s->tls == NULL && (s->tls = tls_server()) == NULL) {
		log_warn("TLS");
		tls_config_free(c);
		return;
	}
	tls_reset(s->tls);
	if (tls_configure(s->tls, c) == -1)
		log_warnx("TLS: %s", tls_error(s->tls));
	else
		s->good = nmade > 0;
	tls_config_free(c);
	for (i = 0; i < nmade && s->good; i++)
		if (made_settle(made[i]) == -1) {
			log_warnx("TLS: a key or tickets cannot be used");
			s->good = 0;
		}
}

static void
certs_free(struct cert_set *set)
{
	size_t	 i;

	for (i = 0; i < set->n; i++)
		free(set->certs[i].pem);
	set->n = 0;
}

int
tls_server_take_cert(struct proc_msg *m)
{
	struct pem_note	*note = &coming.certs[coming.n];
	size_t		 i;

	if (msg_get_pem(&m->body, note, KEYS_CERT_MAX) == -1)
		return (-1);
	if (note->index != coming.n || note->count > CONF_PKIS_MAX) {
		free(note->pem);
		return (-1);
	}
	if (++coming.n < note->count)
		return (0);
	certs_free(&certs);
	certs = coming;
	coming.n = 0;
	for (i = 0; i < nservers && started; i++)
		server_configure(&servers[i]);
	return (0);
}

static struct server *
server_find(const struct listener_conf *l)
{
	size_t	 i;

	for (i = 0; i < nservers; i++)
		if (servers[i].npkis == l->npkis && memcmp(servers[i].pkis,
		    l->pkis, l->npkis) == 0)
			return (&servers[i]);
	return (NULL);
}

void
tls_server_add(const struct listener_conf *l)
{
	struct server	*s;

	if (l->tls == LISTENER_CLEAR || server_find(l) != NULL ||
	    nservers == CONF_LISTENERS_MAX)
		return;
	s = &servers[nservers++];
	s->npkis = l->npkis;
	memcpy(s->pkis, l->pkis, sizeof(s->pkis));
	if (started)
		server_configure(s);
}

void
tls_server_start(void)
{
	size_t	 i;

	started = 1;
	for (i = 0; i < nservers; i++)
		server_configure(&servers[i]);
}

struct tls *
tls_server_get(const struct listener_conf *l)
{
	struct server	*s = server_find(l);

	return (s != NULL && s->good ? s->tls : NULL);
}

int
tls_server_handshake(struct tls *tls)
{
	int	 ret;

	finished = 0;
	ret = tls_handshake(tls);
	return (ret == 0 && !finished ? 1 : ret);
}
