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
 * Private keys: which are taken, what is signed, and what is not.
 */

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/keys/keyring.h"

static EVP_PKEY	*ec, *rsa;
static uint64_t	 now = 1000000;

uint64_t
clock_mono(void)
{
	return (now);
}

/* Tell the ring a key under an id of one octet. */
static int
take(EVP_PKEY *pkey, uint16_t index, uint16_t count, uint8_t id)
{
	struct pem_note	 note;
	BUF_MEM		*mem;
	BIO		*bio = BIO_new(BIO_s_mem());
	int		 ret;

	memset(&note, 0, sizeof(note));
	note.index = index;
	note.count = count;
	note.id[0] = id;
	if (pkey != NULL)
		PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL,
		    NULL);
	else
		BIO_puts(bio, "no key at all");
	BIO_write(bio, "", 1);
	BIO_get_mem_ptr(bio, &mem);
	note.pem = strdup(mem->data);
	BIO_free(bio);
	ret = keyring_take(&note);
	CHECK(note.pem == NULL, "the text is still there");
	return (ret);
}

static int
ask(uint8_t id, enum sign_how how, const void *data, size_t len,
    struct sign_answer *a)
{
	static struct sign_ask	 q;

	memset(&q, 0, sizeof(q));
	q.id[0] = id;
	q.how = how;
	q.len = len;
	memcpy(q.data, data, len);
	return (keyring_sign(&q, a));
}

static void
test_ecdsa(void)
{
	static struct sign_answer	 a;
	unsigned char			 digest[32] = "thirty-two octets";
	EVP_PKEY_CTX			*ctx;

	CHECK(ask(1, SIGN_ECDSA, digest, sizeof(digest), &a) == 0, "ECDSA");
	ctx = EVP_PKEY_CTX_new(ec, NULL);
	CHECK(EVP_PKEY_verify_init(ctx) == 1 && EVP_PKEY_verify(ctx, a.data,
	    a.len, digest, sizeof(digest)) == 1, "not its signature");
	EVP_PKEY_CTX_free(ctx);
	CHECK(ask(1, SIGN_ECDSA, digest, 8, &a) == -1, "no digest");
	CHECK(ask(1, SIGN_RSA_PKCS1, digest, sizeof(digest), &a) == -1,
	    "RSA with an ECDSA key");
	CHECK(ask(9, SIGN_ECDSA, digest, sizeof(digest), &a) == -1,
	    "with no key");
}

static void
test_rsa(void)
{
	static const uint8_t	 info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09,
	    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
	    0x04, 0x20 };
	static struct sign_answer	 a;
	uint8_t			 digest[32] = "thirty-two octets", block[256];
	uint8_t			 data[sizeof(info) + sizeof(digest)];
	EVP_PKEY_CTX		*ctx;
	size_t			 len = sizeof(block);

	memcpy(data, info, sizeof(info));
	memcpy(data + sizeof(info), digest, sizeof(digest));
	CHECK(ask(2, SIGN_RSA_PKCS1, data, sizeof(data), &a) == 0, "PKCS1");
	ctx = EVP_PKEY_CTX_new(rsa, NULL);
	EVP_PKEY_verify_init(ctx);
	EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING);
	EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256());
	CHECK(EVP_PKEY_verify(ctx, a.data, a.len, digest, sizeof(digest)) ==
	    1, "not its signature");

	/* make a block as OpenSSL would, by taking one off a signature */
	EVP_PKEY_sign_init(ctx);
	EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING);
	EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256());
	CHECK(EVP_PKEY_sign(ctx, block, &len, digest, sizeof(digest)) == 1,
	    "PSS");
	EVP_PKEY_encrypt_init(ctx);
	EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING);
	len = sizeof(a.data);
	CHECK(EVP_PKEY_encrypt(ctx, a.data, &len, block, sizeof(block)) == 1,
	    "block");
	memcpy(block, a.data, sizeof(block));
	CHECK(ask(2, SIGN_RSA_PSS, block, sizeof(block), &a) == 0, "PSS");
	EVP_PKEY_verify_init(ctx);
	EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING);
	EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256());
	CHECK(EVP_PKEY_verify(ctx, a.data, a.len, digest, sizeof(digest)) ==
	    1, "not its signature");
	EVP_PKEY_CTX_free(ctx);

	/* anything else would be decryption */
	block[sizeof(block) - 1] ^= 1;
	CHECK(ask(2, SIGN_RSA_PSS, block, sizeof(block), &a) == -1,
	    "a block that is no EMSA-PSS");
	CHECK(ask(2, SIGN_RSA_PSS, block, 255, &a) == -1, "short block");
	data[1]++;
	CHECK(ask(2, SIGN_RSA_PKCS1, data, sizeof(data), &a) == -1,
	    "no DigestInfo");
	CHECK(ask(2, SIGN_RSA_PKCS1, "hello there", 11, &a) == -1,
	    "any text");
	CHECK(ask(2, SIGN_ECDSA, digest, sizeof(digest), &a) == -1,
	    "ECDSA with an RSA key");
}

/* A new set, and handshakes that began with the old one. */
static void
test_sets(void)
{
	static struct sign_answer	 a;
	uint8_t				 digest[32] = { 1 };

	CHECK(take(ec, 0, 1, 3) == 0 && keyring_count() == 1, "new set");
	CHECK(ask(3, SIGN_ECDSA, digest, 32, &a) == 0, "the new key");
	CHECK(ask(1, SIGN_ECDSA, digest, 32, &a) == 0, "the old key");
	CHECK(take(ec, 0, 2, 4) == 0, "half a set");
	CHECK(ask(4, SIGN_ECDSA, digest, 32, &a) == -1, "half a set is used");
	CHECK(ask(3, SIGN_ECDSA, digest, 32, &a) == 0, "half a set counts");
	CHECK(take(rsa, 1, 2, 5) == 0 && keyring_count() == 2, "the rest");
	CHECK(ask(4, SIGN_ECDSA, digest, 32, &a) == 0, "the set");
	CHECK(ask(1, SIGN_ECDSA, digest, 32, &a) == 0, "two sets ago");
	now += 60000;
	CHECK(take(ec, 0, 1, 5) == 0 && keyring_count() == 1, "a set more");
	CHECK(ask(1, SIGN_ECDSA, digest, 32, &a) == 0, "a handshake ago");
	CHECK(ask(4, SIGN_ECDSA, digest, 32, &a) == 0, "one set ago");
	now += 40000;
	CHECK(ask(1, SIGN_ECDSA, digest, 32, &a) == -1, "a past key");
	CHECK(ask(4, SIGN_ECDSA, digest, 32, &a) == 0, "not yet past");
	CHECK(ask(5, SIGN_ECDSA, digest, 32, &a) == 0, "the present one");
}

/* More sets than are kept, all at one time; then the oldest are no more. */
static void
test_many(void)
{
	static struct sign_answer	 a;
	uint8_t				 digest[32] = { 1 };
	int				 i;

	for (i = 100; i < 200; i++)
		CHECK(take(ec, 0, 1, (uint8_t)i) == 0, "set %d", i);
	CHECK(ask(199, SIGN_ECDSA, digest, 32, &a) == 0, "the last one");
	CHECK(ask(198 - 63, SIGN_ECDSA, digest, 32, &a) == 0, "64 before");
	CHECK(ask(198 - 64, SIGN_ECDSA, digest, 32, &a) == -1, "65 before");
	/* one that comes back is there once */
	CHECK(take(ec, 0, 1, 198) == 0, "back");
	CHECK(ask(198, SIGN_ECDSA, digest, 32, &a) == 0, "it is used");
}

int
main(void)
{
	ec = EVP_EC_gen("P-256");
	rsa = EVP_RSA_gen(2048);
	CHECK(take(ec, 0, 2, 1) == 0, "EC");
	CHECK(take(rsa, 1, 2, 2) == 0 && keyring_count() == 2, "RSA");
	test_ecdsa();
	test_rsa();
	test_sets();
	test_many();
	CHECK(take(NULL, 0, 1, 1) == -1, "no key");
	CHECK(take(ec, 1, 2, 1) == -1, "out of order");
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
	return (check_done("keys_ring"));
}
