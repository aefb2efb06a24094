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
 * Certificates and keys from their files.  Only the parent runs this, while
 * it may still read everything.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/xmem.h"
#include "smtpd/conf.h"
#include "smtpd/conf_pki.h"

#define RSA_BITS_MIN	2048
#define PRIVATE		1	/* of file_text */

/* Is the open file fit to hold that?  0, or -1 with the reason in why. */
static int
file_check(int fd, size_t max, int private, char *why, size_t size)
{
	struct stat	 st;

	if (fstat(fd, &st) == -1)
		(void)snprintf(why, size, "%s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		(void)snprintf(why, size, "not a regular file");
	else if (st.st_size == 0 || (size_t)st.st_size > max)
		(void)snprintf(why, size, "of %lld octets, expected 1 to %zu",
		    (long long)st.st_size, max);
	else if (private && st.st_uid != 0 && st.st_uid != geteuid())
		(void)snprintf(why, size, "belongs to somebody else, "
		    "expected root or the user of smtpd");
	else if (private && (st.st_mode & (S_IWGRP | S_IRWXO)) != 0)
		(void)snprintf(why, size, "mode %04o lets others at it, "
		    "expected 0600 or 0640", (unsigned int)st.st_mode & 07777);
	else
		return (0);
	return (-1);
}

/* All of a file as text, from the heap; NULL with the reason in why. */
static char *
file_text(const char *path, size_t max, int private, char *why, size_t size)
{
	char	*text = NULL;
	size_t	 len = 0;
	ssize_t	 n;
	int	 fd;

	/* a FIFO would hold up a server that reloads */
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1) {
		(void)snprintf(why, size, "%s", strerror(errno));
		return (NULL);
	}
	if (file_check(fd, max, private, why, size) == 0) {
		text = xcalloc(1, max + 1);
		while (len < max && (n = read(fd, text + len, max - len)) != 0)
			if (n > 0)
				len += (size_t)n;
			else if (errno != EINTR)
				break;
	}
	if (text != NULL && (len == 0 || strlen(text) != len)) {
		(void)snprintf(why, size, "not text in PEM");
		explicit_bzero(text, max);
		free(text);
		text = NULL;
	}
	close(fd);
	return (text);
}

static int
no_passphrase(char *buf, int size, int rwflag, void *arg)
{
	return (-1);
}

static EVP_PKEY *
read_key(const char *pem, char *why, size_t size)
{
	BIO		*bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY	*pkey = NULL;
	int		 type = EVP_PKEY_NONE;

	if (bio != NULL)
		pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase,
		    NULL);
	BIO_free(bio);
	if (pkey != NULL)
		type = EVP_PKEY_get_base_id(pkey);
	if (pkey == NULL)
		(void)snprintf(why, size, "no private key in PEM without "
		    "passphrase");
	else if (type != EVP_PKEY_EC && type != EVP_PKEY_RSA)
		(void)snprintf(why, size, "neither an ECDSA nor an RSA key");
	else if (type == EVP_PKEY_RSA && (EVP_PKEY_get_bits(pkey) <
	    RSA_BITS_MIN || EVP_PKEY_get_size(pkey) > KEYS_DATA_MAX))
		(void)snprintf(why, size, "an RSA key of %d bits, expected %d "
		    "to %d", EVP_PKEY_get_bits(pkey), RSA_BITS_MIN,
		    KEYS_DATA_MAX * 8);
	else
		return (pkey);
	EVP_PKEY_free(pkey);
	return (NULL);
}

/* Every certificate must be readable; the first is the server's. */
static X509 *
read_chain(const char *pem, char *why, size_t size)
{
	BIO		*bio = BIO_new_mem_buf(pem, -1);
	X509		*first = NULL, *cert;
	unsigned long	 error = 0;

	while (bio != NULL && (cert = PEM_read_bio_X509(bio, NULL,
	    no_passphrase, NULL)) != NULL) {
		if (first == NULL)
			first = cert;
		else
			X509_free(cert);
	}
	error = ERR_peek_last_error();
	BIO_free(bio);
	if (first != NULL && ERR_GET_LIB(error) == ERR_LIB_PEM &&
	    ERR_GET_REASON(error) == PEM_R_NO_START_LINE)
		return (first);
	(void)snprintf(why, size, first == NULL ? "no certificate in PEM" :
	    "one of its certificates cannot be read");
	X509_free(first);
	return (NULL);
}

/* What keys will know it by, and until when it is good. */
static int
pki_describe(struct pki_conf *pki, X509 *cert)
{
	unsigned char	*der = NULL;
	struct tm	 tm;
	int		 len;

	if ((len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der)) <= 0)
		return (-1);
	SHA256(der, (size_t)len, pki->id);
	OPENSSL_free(der);
	if (ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) != 1)
		return (-1);
	pki->expires = timegm(&tm);
	return (0);
}

enum pki_part
conf_pki_load(struct pki_conf *pki, char *why, size_t size)
{
	enum pki_part	 bad = PKI_CERT;
	EVP_PKEY	*pkey = NULL;
	X509		*cert = NULL;

	ERR_clear_error();
	if ((pki->cert_pem = file_text(pki->cert, KEYS_CERT_MAX, 0, why,
	    size)) == NULL ||
	    (cert = read_chain(pki->cert_pem, why, size)) == NULL)
		goto done;
	bad = PKI_KEY;
	if ((pki->key_pem = file_text(pki->key, KEYS_KEY_MAX, PRIVATE, why,
	    size)) == NULL ||
	    (pkey = read_key(pki->key_pem, why, size)) == NULL)
		goto done;
	if (X509_check_private_key(cert, pkey) != 1)
		(void)snprintf(why, size, "not the key of that certificate");
	else if (pki_describe(pki, cert) == -1)
		(void)snprintf(why, size, "the certificate cannot be read");
	else
		bad = PKI_OK;

done:
	X509_free(cert);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return (bad);
}

void
conf_pki_free(struct pki_conf *pki)
{
	if (pki->key_pem != NULL)
		explicit_bzero(pki->key_pem, strlen(pki->key_pem));
	free(pki->key_pem);
	free(pki->cert_pem);
	pki->key_pem = pki->cert_pem = NULL;
}

int
conf_ciphers_valid(const char *list)
{
	SSL_CTX	*ctx;
	int	 ret;

	if ((ctx = SSL_CTX_new(TLS_server_method())) == NULL)
		return (0);
	ret = SSL_CTX_set_cipher_list(ctx, list);
	SSL_CTX_free(ctx);
	ERR_clear_error();
	return (ret == 1);
}
