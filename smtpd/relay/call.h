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
 * One connection to a server: socket, TLS and the dialogue on it.
 */

#ifndef CALL_H
#define CALL_H

#include <bsd/sys/queue.h>

#include <event.h>
#include <stddef.h>
#include <stdint.h>

#include "smtpd/relay/target.h"
#include "smtpd/smtp/talk.h"

struct errand;
struct tls;

enum call_phase {
	CALL_CONNECT,
	CALL_HANDSHAKE,
	CALL_TALK
};

struct call {
	TAILQ_ENTRY(call) entry;	/* of the target's idle ones */
	struct target	*target;
	struct place	 place;
	char		 name[ADDRESS_DOMAIN_MAX + 1];	/* of the host */
	struct errand	*errand;	/* whose message it carries, or NULL */
	enum call_phase	 phase;
	int		 fd;
	struct tls	*tls;
	struct event	 event;
	struct event	 timer;
	short		 want;		/* what the last call waits for */
	int		 idle;
	unsigned int	 messages;	/* carried so far */
	uint64_t	 born;
	struct talk	 talk;
	/* the text under way */
	char		*text;		/* made fit for the wire */
	size_t		 textlen, textpos;
	uint64_t	 offset, left;	/* in the errand's file */
};

/* Before the sandbox closes: the certificates to verify by are read. */
void	 call_init(const struct relay_conf *);

/*
 * Connect to a place of the target for an errand; plain: without STARTTLS.
 * -1 with errno when that cannot even begin.  What follows is told to the
 * errand: errand_done or errand_lost, never before this has returned.
 */
int	 call_open(struct target *, const struct place *, const char *name,
	    int plain, struct errand *);

/*
 * An idle connection of the target for the errand; 0 when there is none.
 * After 1 the errand may be over already.
 */
int	 call_reuse(struct target *, struct errand *);

/* Close it without telling its errand. */
void	 call_close(struct call *);

unsigned int call_count(void);

#endif
