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
 * Private keys in memory.  What is signed is looked at first: a front that
 * was taken over should get nothing signed but what TLS signs.
 */

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/keys/keyring.h"
#include "smtpd/msg/msg_conf.h"

#define DIGEST_INFO_MAX	83	/* of SHA-512: RFC 8017 9.2 */
#define PSS_TRAILER	0xbc	/* RFC 8017 9.1.1 */
#define KEYS_PAST	90000	/* ms: longer than a handshake may take */

struct key {
	uint8_t		 id[KEYS_ID_SIZE];
	EVP_PKEY	*pkey;
};

struct ring {
	size_t		 n;
	struct key	 keys[CONF_PKIS_MAX];
};

static struct ring	 current, coming;

/* Keys of sets before, for handshakes that began with them; oldest first. */
static struct ring	 past;
static uint64_t		 ended[CONF_PKIS_MAX];	/* clock_mono of each */

/* Keys without passphrase only: nobody is here to be asked. */
static int
no_passphrase(char *buf, int size, int rwflag, void *arg)
{
	return (-1);
}

/* NULL when the text is no key for us. */
static EVP_PKEY *
key_read(const struct pem_note *note)
{
	EVP_PKEY	*pkey;
	BIO		*bio;

	if ((bio = BIO_new_mem_buf(note->pem, -1)) == NULL)
		return (NULL);
	pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	if (pkey == NULL)
		return (NULL);
	if (EVP_PKEY_get_size(pkey) <= KEYS_DATA_MAX)
		return (pkey);
	EVP_PKEY_free(pkey);
	return (NULL);
}

static EVP_PKEY *
ring_find(const struct ring *r, const uint8_t id[KEYS_ID_SIZE])
{
	size_t	 i;

	for (i = 0; i < r->n; i++)
		if (memcmp(r->keys[i].id, id, KEYS_ID_SIZE) == 0)
			return (r->keys[i].pkey);
	return (NULL);
}

/* The n oldest ones are forgotten. */
static void
past_drop(size_t n)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		EVP_PKEY_free(past.keys[i].pkey);
	past.n -= n;
	memmove(past.keys, past.keys + n, past.n * sizeof(past.keys[0]));
	memmove(ended, ended + n, past.n * sizeof(ended[0]));
}

static void
past_drop_ended(void)
{
	uint64_t	 now = clock_mono();
	size_t		 n = 0;

	while (n < past.n && now - ended[n] > KEYS_PAST)
		n++;
	if (n > 0)
		past_drop(n);
}

/* What is not in the set that comes is a key of the past. */
static void
current_end(void)
{
	uint64_t	 now = clock_mono();
	size_t		 i;

	past_drop_ended();
	for (i = 0; i < current.n; i++) {
		if (ring_find(&coming, current.keys[i].id) != NULL) {
			EVP_PKEY_free(current.keys[i].pkey);
			continue;
		}
		if (past.n == CONF_PKIS_MAX)
			past_drop(1);
		ended[past.n] = now;
		past.keys[past.n++] = current.keys[i];
	}
}

int
keyring_take(struct pem_note *note)
{
	struct key	*k;
	EVP_PKEY	*pkey = NULL;

	if (note->index == coming.n && note->count <= CONF_PKIS_MAX)
		pkey = key_read(note);
	OPENSSL_cleanse(note->pem, strlen(note->pem));
	free(note->pem);
	note->pem = NULL;
	if (pkey == NULL)
		return (-1);
	k = &coming.keys[coming.n++];
	memcpy(k->id, note->id, sizeof(k->id));
	k->pkey = pkey;
	if (coming.n < note->count)
		return (0);
	current_end();
	current = coming;
	coming.n = 0;
	return (0);
}

/* Is that what TLS has signed by such a key? */
static int
may_sign(const EVP_PKEY *pkey, const struct sign_ask *ask)
{
	int	 type = EVP_PKEY_get_base_id(pkey);

	switch (ask->how) {
	case SIGN_ECDSA:
		return (type == EVP_PKEY_EC && ask->len >= 20 &&
		    ask->len <= EVP_MAX_MD_SIZE);
	case SIGN_RSA_PKCS1:
		return (type == EVP_PKEY_RSA && ask->len >= 2 &&
		    ask->len <= DIGEST_INFO_MAX && ask->data[0] == 0x30 &&
		    ask->data[1] == ask->len - 2);
	case SIGN_RSA_PSS:
		return (type == EVP_PKEY_RSA &&
		    ask->len == (size_t)EVP_PKEY_get_size(pkey) &&
		    ask->data[ask->len - 1] == PSS_TRAILER);
	default:
		return (0);
	}
}

static int
key_sign(EVP_PKEY_CTX *ctx, const struct sign_ask *ask,
    struct sign_answer *a)
{
	if (EVP_PKEY_sign_init(ctx) != 1)
		return (-1);
	if (ask->how == SIGN_RSA_PKCS1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1)
		return (-1);
	if (ask->how == SIGN_RSA_PSS &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) != 1)
		return (-1);
	return (EVP_PKEY_sign(ctx, a->data, &a->len, ask->data,
	    ask->len) == 1 ? 0 : -1);
}

int
keyring_sign(const struct sign_ask *ask, struct sign_answer *a)
{
	EVP_PKEY_CTX	*ctx;
	EVP_PKEY	*pkey;
	int		 ret;

	if ((pkey = ring_find(&current, ask->id)) == NULL) {
		past_drop_ended();
		pkey = ring_find(&past, ask->id);
	}
	if (pkey == NULL || !may_sign(pkey, ask) ||
	    (ctx = EVP_PKEY_CTX_new(pkey, NULL)) == NULL)
		return (-1);
	a->len = sizeof(a->data);
	ret = key_sign(ctx, ask, a);
	EVP_PKEY_CTX_free(ctx);
	return (ret);
}

size_t
keyring_count(void)
{
	return (current.n);
}
