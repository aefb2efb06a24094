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
 * Session tickets, sealed with secrets of the parent that are changed often.
 */

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <string.h>

#include "smtpd/base/proc.h"
#include "smtpd/front/tls_ticket.h"
#include "smtpd/msg/msg_keys.h"

static struct tickets_note	 tickets;
static int			 known;

int
tls_ticket_take(struct proc_msg *m)
{
	if (msg_get_tickets(&m->body, &tickets) == -1)
		return (-1);
	known = 1;
	return (0);
}

static int
ticket_mac(EVP_MAC_CTX *mac, struct ticket_key *k)
{
	char		 digest[] = "SHA256";
	OSSL_PARAM	 params[3];

	params[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY,
	    k->hmac, sizeof(k->hmac));
	params[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
	    digest, 0);
	params[2] = OSSL_PARAM_construct_end();
	return (EVP_MAC_CTX_set_params(mac, params));
}

static int
ticket_seal(unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
    EVP_MAC_CTX *mac)
{
	struct ticket_key	*k = &tickets.keys[0];

	memcpy(name, k->name, sizeof(k->name));
	if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1 ||
	    EVP_EncryptInit_ex2(cipher, EVP_aes_256_cbc(), k->aes, iv,
	    NULL) != 1 || ticket_mac(mac, k) != 1)
		return (-1);
	return (1);
}

/*
 * For OpenSSL: 1 is done, 2 that a new ticket should be given out, 0 that
 * the ticket is none of ours, so that there will be a full handshake.
 */
static int
ticket(SSL *ssl, unsigned char *name, unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int enc)
{
	struct ticket_key	*k;
	size_t			 i;

	if (!known)
		return (0);
	if (enc)
		return (ticket_seal(name, iv, cipher, mac));
	for (i = 0; i < KEYS_TICKETS; i++) {
		k = &tickets.keys[i];
		if (memcmp(name, k->name, sizeof(k->name)) != 0)
			continue;
		if (EVP_DecryptInit_ex2(cipher, EVP_aes_256_cbc(), k->aes, iv,
		    NULL) != 1 || ticket_mac(mac, k) != 1)
			return (-1);
		/* RFC 8446 C.4: a ticket should be used once */
		return (i == 0 && SSL_version(ssl) < TLS1_3_VERSION ? 1 : 2);
	}
	return (0);
}

int
tls_ticket_install(SSL_CTX *ctx)
{
	/* libtls switches them off, and its own way of having them fails */
	SSL_CTX_clear_options(ctx, SSL_OP_NO_TICKET);
	SSL_CTX_set_timeout(ctx, TLS_TICKET_LIFE);
	if (SSL_CTX_set_num_tickets(ctx, 1) != 1 ||
	    SSL_CTX_set_tlsext_ticket_key_evp_cb(ctx, ticket) != 1)
		return (-1);
	return (0);
}
