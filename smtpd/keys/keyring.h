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
 * The private keys, and signing with them.
 */

#ifndef KEYRING_H
#define KEYRING_H

#include <stddef.h>

#include "smtpd/msg/msg_keys.h"

/*
 * Take the next key of a set, and wipe its text.  With the last one the
 * set is complete: it is used, and keys that are in it no more are kept
 * as long as handshakes that began before may last; at most CONF_PKIS_MAX
 * are kept so.  -1 when the note is out of order or holds no key that we can
 * use.  That it fits its certificate is known to the parent.
 */
int	 keyring_take(struct pem_note *);

/* Sign; -1 when there is no such key or it is not for that. */
int	 keyring_sign(const struct sign_ask *, struct sign_answer *);

/* Keys in use. */
size_t	 keyring_count(void);

#endif
