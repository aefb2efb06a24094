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
 * Certificates, and the TLS contexts of listeners.
 */

#ifndef TLS_SERVER_H
#define TLS_SERVER_H

struct listener_conf;
struct proc_msg;
struct tls;

/*
 * The taker of MSG_PARENT_CERT_NOTE: when the set is complete it is used,
 * by new sessions; those under way go on with what they have.
 */
int	 tls_server_take_cert(struct proc_msg *);

/* A listener that wants a context, before the start. */
void	 tls_server_add(const struct listener_conf *);

/*
 * Make all contexts; OpenSSL may still want to look around.  Again when
 * the settings of TLS have changed.
 */
void	 tls_server_start(void);

/* For tls_accept_cbs; NULL when there is none that works. */
struct tls *tls_server_get(const struct listener_conf *);

/*
 * As tls_handshake; but where that returns 0 for a client that has said
 * good-bye or left in the middle of it, this returns 1.
 */
int	 tls_server_handshake(struct tls *);

#endif
