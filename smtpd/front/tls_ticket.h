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
 * Session tickets: resumption without memory on our side, RFC 5077 and
 * RFC 8446 4.6.1.
 */

#ifndef TLS_TICKET_H
#define TLS_TICKET_H

struct proc_msg;
struct ssl_ctx_st;		/* SSL_CTX */

#define TLS_TICKET_LIFE	3600	/* s; the parent's secrets live twice that */

/*
 * The taker of MSG_PARENT_TICKETS_NOTE.  All fronts have the same secrets,
 * so that any of them knows the tickets of the others.
 */
int	 tls_ticket_take(struct proc_msg *);

/* Have the context give out tickets and take them. */
int	 tls_ticket_install(struct ssl_ctx_st *);

#endif
