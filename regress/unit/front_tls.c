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
 * TLS: handshakes with keys that are elsewhere, and what a session over
 * TLS is.
 */

#include "regress/unit/check.h"
#include "regress/unit/front_tlswall.h"

#define EHLO	"EHLO client.test\r\n"
#define MAIL	"MAIL FROM:<a@b.test>\r\n"
#define GOOD	"RCPT TO:<good@own.test>\r\n"
#define TEXT	"Subject: x\r\n\r\nhello\r\n.\r\n"

static size_t	 ec, rsa, other;

static void
end(void)
{
	wall_leave();
	CHECK(session_count() == 0, "sessions left");
}

/* Both kinds of keys, both versions, however the octets are cut. */
static void
test_mail(size_t key, int version, size_t step)
{
	const char	*got;

	CHECK(certs_tell(&key, 1) == 0, "certificate refused");
	peer.version = version;
	peer.step = step;
	peer_forget();
	CHECK(peer_connect(), "handshake %zu %x", key, version);
	CHECK(strncmp(peer.said, "220 mx.test ESMTP\r\n", 19) == 0,
	    "greeting: %s", peer.said);
	got = peer_line(EHLO);
	CHECK(strcmp(got, "250|") == 0 && strstr(peer.said, "STARTTLS") ==
	    NULL && strstr(peer.said, "SIZE") != NULL, "EHLO: %s",
	    peer.said);
	CHECK(wall.session.tls == 1 && strcmp(wall.session.tls_version,
	    SSL_get_version(peer.ssl)) == 0 && strcmp(wall.session.tls_cipher,
	    SSL_get_cipher_name(peer.ssl)) == 0, "policy heard %s %s",
	    wall.session.tls_version, wall.session.tls_cipher);
	CHECK(strcmp(peer_line("STARTTLS\r\n"), "503 5.5.1|") == 0,
	    "STARTTLS within TLS");
	got = peer_line(MAIL GOOD "DATA\r\n");
	CHECK(strcmp(got, "250 2.1.0|250 2.1.5|354|") == 0, "group: %s",
	    peer.said);
	got = peer_line(TEXT MAIL "RSET\r\n");
	CHECK(strcmp(got, "250 2.0.0|250 2.1.0|250 2.0.0|") == 0,
	    "text: %s", peer.said);
	CHECK(strstr(wall_text(wall.files), " ESMTPS ") != NULL &&
	    strstr(wall_text(wall.files), SSL_get_cipher_name(peer.ssl)) !=
	    NULL, "header: %s", wall_text(wall.files));
	got = peer_line("QUIT\r\n");
	CHECK(strcmp(got, "221 2.0.0|x") == 0, "QUIT: %s closed %d eof %d",
	    peer.said, peer.closed, wall.eof);
	end();
	peer.step = 0;
	peer.version = 0;
}

static void
test_sni(void)
{
	static const struct {
		const char	*name, *cert;
	} names[] = {
		{ "mx.test", "mx.test" }, { "other.test", "other.test" },
		{ "unknown.test", "mx.test" }, { NULL, "mx.test" },
	};
	size_t	 set[2] = { ec, other }, i;

	CHECK(certs_tell(set, 2) == 0, "certificates");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		peer.name = names[i].name;
		peer_forget();
		CHECK(peer_connect() && strcmp(peer_cert(), names[i].cert) ==
		    0, "%s got %s", names[i].name == NULL ? "none" :
		    names[i].name, peer_cert());
		end();
	}
	peer.name = NULL;
}

/* Who offers protocols must offer ours. */
static void
test_alpn(void)
{
	static const struct {
		const char	*offer;
		int		 ok;
	} offers[] = {
		{ "\004smtp", 1 }, { "\002h2\004smtp", 1 },
		{ "\010http/1.1", 0 }, { "\003smt\005smtpx", 0 },
		{ NULL, 1 },
	};
	size_t	 i;

	for (i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		peer.alpn = offers[i].offer;
		CHECK(peer_connect() == offers[i].ok, "ALPN %zu", i);
		end();
	}
	peer.alpn = NULL;
}

static void
test_versions(void)
{
	peer.version = TLS1_1_VERSION;
	SSL_CTX_set_security_level(peer.ctx, 0);
	CHECK(!peer_connect(), "TLS 1.1");
	end();
	peer.version = TLS1_2_VERSION;
	peer.ciphers = "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA256:"
	    "AES128-SHA@SECLEVEL=0";
	CHECK(!peer_connect(), "a cipher that is not AEAD");
	end();
	peer.ciphers = NULL;
	front_conf.tls_13 = 1;
	(void)certs_tell(&ec, 1);
	CHECK(!peer_connect(), "TLS 1.2 below the minimum");
	end();
	peer.version = 0;
	CHECK(peer_connect() && strcmp(SSL_get_version(peer.ssl),
	    "TLSv1.3") == 0, "TLS 1.3");
	end();
	front_conf.tls_13 = 0;
	(void)certs_tell(&ec, 1);
}

/* Without our memory, and over two generations of secrets. */
static void
test_resumption(int version)
{
	peer.version = version;
	peer_forget();
	tickets_tell(1, 2);
	CHECK(peer_connect() && !SSL_session_reused(peer.ssl), "full");
	CHECK(strcmp(peer_line("NOOP\r\nQUIT\r\n"),
	    "250 2.0.0|221 2.0.0|x") == 0, "quit");
	end();
	CHECK(peer.ticket != NULL, "no ticket came");
	CHECK(peer_connect() && SSL_session_reused(peer.ssl),
	    "not resumed, %x", version);
	CHECK(strcmp(peer_line(EHLO), "250|") == 0, "EHLO");
	end();
	tickets_tell(3, 1);
	CHECK(peer_connect() && SSL_session_reused(peer.ssl),
	    "not resumed with the last secret, %x", version);
	CHECK(strcmp(peer_line("NOOP\r\n"), "250 2.0.0|") == 0, "NOOP");
	end();
	tickets_tell(5, 4);
	CHECK(peer_connect() && !SSL_session_reused(peer.ssl),
	    "resumed with a secret that is gone");
	end();
	peer.version = 0;
}

/* New certificates: for new sessions; the old ones go on. */
static void
test_reload(void)
{
	SSL	*old;
	BIO	*in, *out;
	int	 i, fd;

	peer_forget();
	CHECK(certs_tell(&ec, 1) == 0 && peer_connect(), "first");
	CHECK(strcmp(peer_line(EHLO MAIL), "250|250 2.1.0|") == 0, "EHLO");
	old = peer.ssl;
	in = peer.in;
	out = peer.out;
	fd = wall.client;
	peer.ssl = NULL;
	peer_forget();
	for (i = 0; i < 20; i++)
		CHECK(certs_tell(i % 2 ? &ec : &other, 1) == 0, "reload");
	CHECK(certs_tell(&other, 1) == 0 && peer_connect() &&
	    strcmp(peer_cert(), "other.test") == 0, "second: %s",
	    peer_cert());
	CHECK(session_count() == 2, "the first session ended");
	wall_leave();
	SSL_free(peer.ssl);
	peer.ssl = old;
	peer.in = in;
	peer.out = out;
	wall.client = fd;
	wall.eof = 0;
	CHECK(strcmp(peer_line(GOOD "RSET\r\n"), "250 2.1.5|250 2.0.0|") == 0,
	    "the first session: %s", peer.said);
	end();
	(void)certs_tell(&ec, 1);
}

/* A session with its handshake half done when the set changes. */
static void
test_reload_within(void)
{
	wall_listener = tls_listener;
	wall_listener.tls = LISTENER_TLS;
	wall_connect(NULL);
	CHECK(certs_tell(&other, 1) == 0, "reload");
	CHECK(peer_shake(), "handshake over a reload");
	end();
	(void)certs_tell(&ec, 1);
}

static void
test_keys_gone(void)
{
	uint64_t	 from;

	peer_forget();
	CHECK(peer_connect(), "before");
	keys_stop();
	CHECK(strcmp(peer_line(EHLO), "250|") == 0, "a session ended");
	end();
	peer_forget();
	CHECK(!peer_connect(), "a handshake without keys");
	end();
	keys_start();
	CHECK(peer_connect(), "keys is back");
	end();
	peer_forget();

	/* one that does not answer holds up others once, and not for long */
	(void)kill(keys_pid, SIGSTOP);
	from = clock_mono();
	CHECK(!peer_connect(), "signed while stopped");
	end();
	CHECK(!peer_connect(), "signed while stopped");
	end();
	CHECK(clock_mono() - from < 2 * SIGNER_WAIT, "held up for %llu ms",
	    (unsigned long long)(clock_mono() - from));
	(void)kill(keys_pid, SIGCONT);
	from = clock_mono();
	while (!signer_up() && clock_mono() - from < 5000)
		usleep(1000);
	CHECK(peer_connect(), "not asked again after a late answer");
	end();
}

/* Key and certificate are no pair: keys does not know that key. */
static void
test_unknown_key(void)
{
	uint8_t	 id = pairs[other].id[0];

	(void)certs_tell(&other, 1);
	pairs[other].id[0] ^= 1;
	keys_stop();
	keys_start();
	peer_forget();
	CHECK(!peer_connect(), "signed with another key");
	end();
	pairs[other].id[0] = id;
	keys_stop();
	keys_start();
	(void)certs_tell(&ec, 1);
	CHECK(peer_connect(), "afterwards");
	end();
}

int
main(void)
{
	wall_init();
	peer_init();
	ec = pair_make("EC", "mx.test");
	rsa = pair_make("RSA", "mx.test");
	other = pair_make("EC", "other.test");
	tls_listener = wall_listener;
	tls_listener.tls = LISTENER_TLS;
	tls_listener.npkis = 1;
	tls_server_add(&tls_listener);
	tls_server_start();
	CHECK(tls_server_get(&tls_listener) == NULL, "without certificates");
	keys_start();
	test_mail(ec, TLS1_3_VERSION, 0);
	test_mail(ec, TLS1_2_VERSION, 1);
	test_mail(rsa, TLS1_3_VERSION, 7);
	test_mail(rsa, TLS1_2_VERSION, 0);
	(void)certs_tell(&ec, 1);
	test_alpn();
	test_versions();
	test_resumption(TLS1_3_VERSION);
	test_resumption(TLS1_2_VERSION);
	test_reload();
	test_reload_within();
	test_keys_gone();
	test_unknown_key();
	tls_listener.npkis = 2;
	tls_listener.pkis[1] = 1;
	tls_server_add(&tls_listener);
	test_sni();
	keys_stop();
	return (check_done("front_tls"));
}
