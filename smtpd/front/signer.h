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
 * The connection to the keys process, which signs for us.
 *
 * OpenSSL wants a signature while it is being called, so this question
 * alone is not asked through the event loop: the process waits, for at most
 * SIGNER_WAIT.  A keys process that was too slow once is left alone for
 * SIGNER_SHUN; one that hangs is ended by the parent.
 */

#ifndef SIGNER_H
#define SIGNER_H

#define SIGNER_WAIT	1000	/* ms */
#define SIGNER_SHUN	2000	/* ms */

struct sign_answer;
struct sign_ask;

/* fd leads to a keys process, in place of any earlier one. */
void	 signer_connect(int fd);

/* Would it be asked? */
int	 signer_up(void);

/* 0, or -1 when nothing was signed. */
int	 signer_ask(const struct sign_ask *, struct sign_answer *);

#endif
