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
 * TLS at the walls around front: a client, certificates made on the spot,
 * and a process that plays keys.
 */

#ifndef FRONT_TLSWALL_H
#define FRONT_TLSWALL_H

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <poll.h>
#include <signal.h>

#include "regress/unit/front_wall.h"
#include "smtpd/base/frame.h"
#include "smtpd/front/front_listen.h"
#include "smtpd/front/signer.h"
#include "smtpd/front/tls_server.h"
#include "smtpd/front/tls_ticket.h"
#include "smtpd/msg/msg_keys.h"

#define PAIRS_MAX	8

/* Keys that the player of keys has, with their certificates. */
static struct pair {
	EVP_PKEY	*pkey;
	X509		*cert;
	uint8_t		 id[KEYS_ID_SIZE];
} pairs[PAIRS_MAX];
static size_t	 npairs;
static pid_t	 keys_pid;

/* The client.  Its octets go step at a time; 0 is all at once. */
static struct {
	SSL_CTX		*ctx;
	SSL		*ssl;
	SSL_SESSION	*ticket;	/* the last one that came */
	BIO		*in, *out;
	size_t		 step;
	int		 version;	/* TLS1_2_VERSION..., 0: any */
	const char	*name;		/* for SNI, or NULL */
	const char	*alpn;		/* one name, or NULL */
	const char	*ciphers;	/* or NULL */
	char		 said[WALL_SAID];
	size_t		 nsaid;
	int		 closed;	/* close_notify was read */
} peer;

static struct listener_conf	 tls_listener;

/* A key of that type ("EC", "RSA") and a certificate for name. */
static inline size_t
pair_make(const char *type, const char *name)
{
	struct pair		*p = &pairs[npairs];
	X509_NAME		*subject;
	X509_EXTENSION		*ext;
	X509V3_CTX		 v3;
	unsigned char		*der = NULL;
	char			 alt[256];
	int			 len;

	p->pkey = type[0] == 'E' ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
	p->cert = X509_new();
	if (p->pkey == NULL || p->cert == NULL)
		abort();
	X509_set_version(p->cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(p->cert), (long)npairs + 1);
	X509_gmtime_adj(X509_getm_notBefore(p->cert), -60);
	X509_gmtime_adj(X509_getm_notAfter(p->cert), 86400);
	X509_set_pubkey(p->cert, p->pkey);
	subject = X509_get_subject_name(p->cert);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
	    (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(p->cert, subject);
	X509V3_set_ctx(&v3, p->cert, p->cert, NULL, NULL, 0);
	(void)snprintf(alt, sizeof(alt), "DNS:%s", name);
	ext = X509V3_EXT_conf_nid(NULL, &v3, NID_subject_alt_name, alt);
	if (ext == NULL || X509_add_ext(p->cert, ext, -1) != 1 ||
	    X509_sign(p->cert, p->pkey, EVP_sha256()) == 0)
		abort();
	X509_EXTENSION_free(ext);
	len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(p->cert), &der);
	SHA256(der, (size_t)len, p->id);
	OPENSSL_free(der);
	return (npairs++);
}

/* Tell front the certificates, by their numbers. */
static inline int
certs_tell(const size_t *which, size_t n)
{
	struct proc_msg	 m;
	struct pem_note	 note;
	struct wbuf	 w;
	BUF_MEM		*mem;
	BIO		*bio;
	size_t		 i;
	int		 ret = 0;

	for (i = 0; i < n && ret == 0; i++) {
		memset(&note, 0, sizeof(note));
		note.index = (uint16_t)i;
		note.count = (uint16_t)n;
		(void)snprintf(note.name, sizeof(note.name), "pki%zu", i);
		bio = BIO_new(BIO_s_mem());
		PEM_write_bio_X509(bio, pairs[which[i]].cert);
		BIO_write(bio, "", 1);
		BIO_get_mem_ptr(bio, &mem);
		note.pem = mem->data;
		wbuf_init(&w);
		msg_put_pem(&w, &note);
		BIO_free(bio);
		memset(&m, 0, sizeof(m));
		rbuf_init(&m.body, w.data, w.len);
		ret = tls_server_take_cert(&m);
		wbuf_free(&w);
	}
	return (ret);
}

static inline void
tickets_tell(char present, char before)
{
	struct tickets_note	 note;
	struct proc_msg		 m;
	struct wbuf		 w;

	memset(&note.keys[0], present, sizeof(note.keys[0]));
	memset(&note.keys[1], before, sizeof(note.keys[1]));
	wbuf_init(&w);
	msg_put_tickets(&w, &note);
	memset(&m, 0, sizeof(m));
	rbuf_init(&m.body, w.data, w.len);
	if (tls_ticket_take(&m) == -1)
		abort();
	wbuf_free(&w);
}

static inline void
keys_sign(const struct sign_ask *ask, struct sign_answer *a)
{
	EVP_PKEY_CTX	*ctx;
	size_t		 i;

	a->len = 0;
	for (i = 0; i < npairs; i++)
		if (memcmp(pairs[i].id, ask->id, sizeof(ask->id)) == 0)
			break;
	if (i == npairs)
		return;
	ctx = EVP_PKEY_CTX_new(pairs[i].pkey, NULL);
	a->len = sizeof(a->data);
	if (EVP_PKEY_sign_init(ctx) != 1 || (ask->how != SIGN_ECDSA &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, ask->how == SIGN_RSA_PKCS1 ?
	    RSA_PKCS1_PADDING : RSA_NO_PADDING) != 1) ||
	    EVP_PKEY_sign(ctx, a->data, &a->len, ask->data, ask->len) != 1)
		a->len = 0;
	EVP_PKEY_CTX_free(ctx);
}

/* Sign whatever is asked, until nobody is there. */
static inline void
keys_play(int fd)
{
	static struct sign_ask		 ask;
	static struct sign_answer	 a;
	struct frame_conn		 c;
	struct frame			 f;
	struct pollfd			 pfd = { .fd = fd, .events = POLLIN };
	struct rbuf			 r;
	struct wbuf			 w;

	frame_open(&c, fd);
	for (;;) {
		(void)poll(&pfd, 1, -1);
		if (frame_fill(&c, WIRE_MAX) == FRAME_CLOSED)
			_exit(0);
		while (frame_next(&c, &f, WIRE_MAX) == FRAME_OK) {
			rbuf_init(&r, f.body, f.len);
			if (msg_get_sign_ask(&r, &ask) == -1)
				_exit(1);
			keys_sign(&ask, &a);
			wbuf_init(&w);
			msg_put_sign_answer(&w, &a);
			frame_put(&c, MSG_KEYS_SIGN_ANSWER, f.id, -1, w.data,
			    w.len);
			wbuf_free(&w);
		}
		(void)frame_flush(&c);
	}
}

static inline void
keys_start(void)
{
	int	 sv[2], fd;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) == -1 ||
	    (keys_pid = fork()) == -1)
		abort();
	if (keys_pid == 0) {
		/* a client that leaves must be gone */
		for (fd = 3; fd < 256; fd++)
			if (fd != sv[1])
				close(fd);
		keys_play(sv[1]);
	}
	close(sv[1]);
	signer_connect(sv[0]);
}

static inline void
keys_stop(void)
{
	(void)kill(keys_pid, SIGKILL);
	(void)waitpid(keys_pid, NULL, 0);
}

static inline int
peer_ticket(SSL *ssl, SSL_SESSION *ticket)
{
	SSL_SESSION_free(peer.ticket);
	peer.ticket = ticket;
	return (1);
}

static inline void
peer_init(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	if ((peer.ctx = SSL_CTX_new(TLS_client_method())) == NULL)
		abort();
	SSL_CTX_set_session_cache_mode(peer.ctx, SSL_SESS_CACHE_CLIENT |
	    SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(peer.ctx, peer_ticket);
	tickets_tell(1, 2);
}

/* Octets between the client and its end of the socket. */
static inline void
peer_move(void)
{
	char	 buf[65536];
	ssize_t	 n;

	while (BIO_ctrl_pending(peer.out) > 0) {
		n = BIO_read(peer.out, buf, (int)(peer.step == 0 ?
		    sizeof(buf) : peer.step));
		if (n > 0)
			wall_say(buf, (size_t)n, 0);
	}
	wall_turn();
	if (wall.nsaid > 0)
		BIO_write(peer.in, wall.said, (int)wall.nsaid);
	wall.nsaid = 0;
}

/* The next handshake is a full one. */
static inline void
peer_forget(void)
{
	SSL_SESSION_free(peer.ticket);
	peer.ticket = NULL;
}

/* Shake hands: 1, or 0 when that fails. */
static inline int
peer_shake(void)
{
	int	 ret, tries = 0;

	/* else the ticket would be thought to be spoilt */
	if (peer.ssl != NULL)
		SSL_set_shutdown(peer.ssl, SSL_SENT_SHUTDOWN);
	SSL_free(peer.ssl);
	peer.ssl = SSL_new(peer.ctx);
	peer.in = BIO_new(BIO_s_mem());
	peer.out = BIO_new(BIO_s_mem());
	BIO_set_mem_eof_return(peer.in, -1);
	SSL_set_bio(peer.ssl, peer.in, peer.out);
	if (peer.version != 0) {
		SSL_set_min_proto_version(peer.ssl, peer.version);
		SSL_set_max_proto_version(peer.ssl, peer.version);
	}
	if (peer.ciphers != NULL)
		SSL_set_cipher_list(peer.ssl, peer.ciphers);
	if (peer.name != NULL)
		SSL_set_tlsext_host_name(peer.ssl, peer.name);
	if (peer.alpn != NULL)
		SSL_set_alpn_protos(peer.ssl,
		    (const unsigned char *)peer.alpn,
		    (unsigned int)strlen(peer.alpn));
	if (peer.ticket != NULL)
		SSL_set_session(peer.ssl, peer.ticket);
	peer.nsaid = 0;
	peer.closed = 0;
	while ((ret = SSL_connect(peer.ssl)) != 1 &&
	    SSL_get_error(peer.ssl, ret) == SSL_ERROR_WANT_READ &&
	    (!wall.eof || BIO_ctrl_pending(peer.in) > 0) && tries++ < 3000)
		peer_move();
	ERR_clear_error();
	peer_move();
	return (ret == 1);
}

static inline void
peer_hear(void)
{
	int	 n;

	peer_move();
	while ((n = SSL_read(peer.ssl, peer.said + peer.nsaid,
	    (int)(sizeof(peer.said) - 1 - peer.nsaid))) > 0)
		peer.nsaid += (size_t)n;
	if (SSL_get_error(peer.ssl, n) == SSL_ERROR_ZERO_RETURN)
		peer.closed = 1;
	ERR_clear_error();
	peer.said[peer.nsaid] = '\0';
}

static inline void
peer_settle(void)
{
	size_t	 before;
	int	 quiet;

	for (quiet = 0; quiet < 5; quiet++) {
		before = peer.nsaid;
		peer_hear();
		if (peer.nsaid != before || (!wall.hold && wall.nasks > 0))
			quiet = 0;
	}
}

/* As wall_ask, through TLS. */
static inline const char *
peer_ask(const char *text, size_t len)
{
	size_t	 n;

	peer.nsaid = 0;
	for (; len > 0; text += n, len -= n) {
		n = len > 16000 ? 16000 : len;
		if (SSL_write(peer.ssl, text, (int)n) != (int)n)
			break;
		peer_hear();
	}
	peer_settle();
	return (wall_codes(peer.said, peer.closed && wall.eof));
}

static inline const char *
peer_line(const char *text)
{
	return (peer_ask(text, strlen(text)));
}

/* A client that speaks TLS from the first octet; 0 when that fails. */
static inline int
peer_connect(void)
{
	wall_listener = tls_listener;
	wall_listener.tls = LISTENER_TLS;
	wall_connect(NULL);
	if (!peer_shake())
		return (0);
	peer_settle();
	return (1);
}

/* The common name of the certificate that was shown. */
static inline const char *
peer_cert(void)
{
	static char	 name[256];
	X509		*cert = SSL_get1_peer_certificate(peer.ssl);

	name[0] = '\0';
	if (cert != NULL)
		X509_NAME_get_text_by_NID(X509_get_subject_name(cert),
		    NID_commonName, name, sizeof(name));
	X509_free(cert);
	return (name);
}

#endif
