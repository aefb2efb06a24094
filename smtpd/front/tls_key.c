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
 * Keys whose private half is in the keys process: RSA and ECDSA keys with
 * methods of our own, which ask there.
 *
 * These are the methods of OpenSSL 1.1.  Version 3 still honours them for
 * keys that have them from the beginning; its own way, a provider, would
 * be many times the code.
 */

#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/front/signer.h"
#include "smtpd/front/tls_key.h"
#include "smtpd/msg/msg_keys.h"

static RSA_METHOD	*rsa_method;
static EC_KEY_METHOD	*ec_method;
static int		 rsa_index, ec_index;	/* where the id hangs */

static void
id_free(void *parent, void *id, CRYPTO_EX_DATA *ad, int idx, long argl,
    void *argp)
{
	free(id);
}

/* What signs len octets of data with the key id, of at most max octets. */
static int
key_sign(const uint8_t *id, enum sign_how how, const unsigned char *data,
    int len, unsigned char *out, size_t max)
{
	struct sign_answer	 a;
	struct sign_ask		 ask;

	if (id == NULL || len < 0 || (size_t)len > sizeof(ask.data))
		return (-1);
	memcpy(ask.id, id, sizeof(ask.id));
	ask.how = how;
	ask.len = (size_t)len;
	memcpy(ask.data, data, ask.len);
	if (signer_ask(&ask, &a) == -1 || a.len > max)
		return (-1);
	memcpy(out, a.data, a.len);
	return ((int)a.len);
}

static int
rsa_sign(int len, const unsigned char *from, unsigned char *to, RSA *rsa,
    int padding)
{
	enum sign_how	 how;
	int		 n, size = RSA_size(rsa);

	if (padding == RSA_PKCS1_PADDING)
		how = SIGN_RSA_PKCS1;
	else if (padding == RSA_NO_PADDING)
		how = SIGN_RSA_PSS;
	else
		return (-1);
	n = key_sign(RSA_get_ex_data(rsa, rsa_index), how, from, len, to,
	    (size_t)size);
	return (n == size ? n : -1);
}

/* No key exchange of ours decrypts. */
static int
rsa_decrypt(int len, const unsigned char *from, unsigned char *to, RSA *rsa,
    int padding)
{
	return (-1);
}

static int
ec_sign(int type, const unsigned char *digest, int len, unsigned char *sig,
    unsigned int *siglen, const BIGNUM *kinv, const BIGNUM *r, EC_KEY *key)
{
	int	 n;

	n = key_sign(EC_KEY_get_ex_data(key, ec_index), SIGN_ECDSA, digest,
	    len, sig, (size_t)ECDSA_size(key));
	if (n <= 0)
		return (0);
	*siglen = (unsigned int)n;
	return (1);
}

/* Once in the life of the process. */
static int
methods_make(void)
{
	if (rsa_method != NULL && ec_method != NULL)
		return (0);
	rsa_index = RSA_get_ex_new_index(0, NULL, NULL, NULL, id_free);
	ec_index = EC_KEY_get_ex_new_index(0, NULL, NULL, NULL, id_free);
	rsa_method = RSA_meth_dup(RSA_PKCS1_OpenSSL());
	ec_method = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
	if (rsa_index == -1 || ec_index == -1 || rsa_method == NULL ||
	    ec_method == NULL ||
	    RSA_meth_set_priv_enc(rsa_method, rsa_sign) != 1 ||
	    RSA_meth_set_priv_dec(rsa_method, rsa_decrypt) != 1)
		return (-1);
	EC_KEY_METHOD_set_sign(ec_method, ec_sign, NULL, NULL);
	return (0);
}

/* The id of a certificate's key, from the heap; NULL when it has none. */
static uint8_t *
key_id(const X509 *cert)
{
	unsigned char	*der = NULL;
	uint8_t		*id;
	int		 len;

	if ((len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der)) <= 0)
		return (NULL);
	if ((id = malloc(KEYS_ID_SIZE)) != NULL)
		SHA256(der, (size_t)len, id);
	OPENSSL_free(der);
	return (id);
}

/* The public half of pub, with our method; takes id over. */
static EVP_PKEY *
rsa_make(EVP_PKEY *pub, uint8_t *id)
{
	EVP_PKEY	*key = EVP_PKEY_new();
	RSA		*rsa = RSA_new();
	const RSA	*from = EVP_PKEY_get0_RSA(pub);
	BIGNUM		*n, *e;

	if (key == NULL || rsa == NULL || from == NULL)
		goto fail;
	n = BN_dup(RSA_get0_n(from));
	e = BN_dup(RSA_get0_e(from));
	if (RSA_set0_key(rsa, n, e, NULL) != 1) {
		BN_free(n);
		BN_free(e);
		goto fail;
	}
	/* before the key gets it: from then on it would be taken for ours */
	if (RSA_set_method(rsa, rsa_method) != 1 ||
	    RSA_set_ex_data(rsa, rsa_index, id) != 1)
		goto fail;
	id = NULL;
	if (EVP_PKEY_assign_RSA(key, rsa) == 1)
		return (key);

fail:
	free(id);
	RSA_free(rsa);
	EVP_PKEY_free(key);
	return (NULL);
}

static EVP_PKEY *
ec_make(EVP_PKEY *pub, uint8_t *id)
{
	EVP_PKEY	*key = EVP_PKEY_new();
	EC_KEY		*ec = EC_KEY_new();
	const EC_KEY	*from = EVP_PKEY_get0_EC_KEY(pub);

	if (key == NULL || ec == NULL || from == NULL ||
	    EC_KEY_set_method(ec, ec_method) != 1 ||
	    EC_KEY_set_group(ec, EC_KEY_get0_group(from)) != 1 ||
	    EC_KEY_set_public_key(ec, EC_KEY_get0_public_key(from)) != 1 ||
	    EC_KEY_set_ex_data(ec, ec_index, id) != 1)
		goto fail;
	id = NULL;
	if (EVP_PKEY_assign_EC_KEY(key, ec) == 1)
		return (key);

fail:
	free(id);
	EC_KEY_free(ec);
	EVP_PKEY_free(key);
	return (NULL);
}

int
tls_key_install(SSL_CTX *ctx)
{
	const X509	*cert = SSL_CTX_get0_certificate(ctx);
	EVP_PKEY	*pub, *key = NULL;
	uint8_t		*id;
	int		 ret;

	if (cert == NULL || methods_make() == -1 ||
	    (pub = X509_get0_pubkey(cert)) == NULL ||
	    (id = key_id(cert)) == NULL)
		return (-1);
	if (EVP_PKEY_get_base_id(pub) == EVP_PKEY_RSA)
		key = rsa_make(pub, id);
	else if (EVP_PKEY_get_base_id(pub) == EVP_PKEY_EC)
		key = ec_make(pub, id);
	else
		free(id);
	if (key == NULL)
		return (-1);
	ret = SSL_CTX_use_PrivateKey(ctx, key) == 1 ? 0 : -1;
	EVP_PKEY_free(key);
	return (ret);
}
