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
 * Certificates and private keys: from the parent, who reads them, to those
 * who use them; and the question that needs a private key.
 *
 * A key is named by the SHA-256 of the DER of its public half, as it
 * stands in the certificate.
 */

#ifndef MSG_KEYS_H
#define MSG_KEYS_H

#include <stddef.h>
#include <stdint.h>

#define KEYS_NAME_MAX	63		/* of a pki */
#define KEYS_CERT_MAX	(64 * 1024)	/* octets of a chain in PEM */
#define KEYS_KEY_MAX	(16 * 1024)	/* octets of a key in PEM */
#define KEYS_ID_SIZE	32
#define KEYS_DATA_MAX	1024		/* octets: RSA of 8192 bits */
#define KEYS_TICKETS	2		/* the present one, and the last */

struct rbuf;
struct wbuf;

/*
 * MSG_PARENT_CERT_NOTE to front, MSG_PARENT_KEY_NOTE to keys: number index
 * of count; the last one makes the set complete, which then replaces the
 * one before.  A certificate is a chain, a key is without passphrase.
 */
struct pem_note {
	uint16_t	 index, count;
	char		 name[KEYS_NAME_MAX + 1];
	uint8_t		 id[KEYS_ID_SIZE];
	char		*pem;		/* the receiver's to free */
};

/* One secret of session tickets, RFC 5077 4. */
struct ticket_key {
	uint8_t		 name[16];
	uint8_t		 aes[32];
	uint8_t		 hmac[32];
};

/* MSG_PARENT_TICKETS_NOTE: new tickets are made with the first. */
struct tickets_note {
	struct ticket_key keys[KEYS_TICKETS];
};

enum sign_how {
	SIGN_ECDSA,		/* data is a digest */
	SIGN_RSA_PKCS1,		/* data is a DigestInfo, RFC 8017 9.2 */
	SIGN_RSA_PSS,		/* data is an EMSA-PSS block, RFC 8017 9.1 */
	SIGN_HOW_COUNT
};

/* MSG_FRONT_SIGN_ASK */
struct sign_ask {
	uint8_t		 id[KEYS_ID_SIZE];
	enum sign_how	 how;
	size_t		 len;
	uint8_t		 data[KEYS_DATA_MAX];
};

/* MSG_KEYS_SIGN_ANSWER: nothing was signed when len is 0. */
struct sign_answer {
	size_t		 len;
	uint8_t		 data[KEYS_DATA_MAX];
};

/* As in msg_session.h; max is one of KEYS_CERT_MAX and KEYS_KEY_MAX. */
void	 msg_put_pem(struct wbuf *, const struct pem_note *);
int	 msg_get_pem(struct rbuf *, struct pem_note *, size_t max);
void	 msg_put_tickets(struct wbuf *, const struct tickets_note *);
int	 msg_get_tickets(struct rbuf *, struct tickets_note *);
void	 msg_put_sign_ask(struct wbuf *, const struct sign_ask *);
int	 msg_get_sign_ask(struct rbuf *, struct sign_ask *);
void	 msg_put_sign_answer(struct wbuf *, const struct sign_answer *);
int	 msg_get_sign_answer(struct rbuf *, struct sign_answer *);

#endif
