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
 * Sessions of the fronts, as this process remembers them.
 */

#ifndef SESSION_H
#define SESSION_H

#include <bsd/sys/queue.h>

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/ip.h"
#include "smtpd/base/lines.h"
#include "smtpd/policy/rcptset.h"
#include "smtpd/policy/txlimits.h"
#include "smtpd/smtp/address.h"

struct auth;
struct datum;
struct job;
struct session_note;
struct trace;

/* From MAIL to the end of the transaction. */
struct tx {
	struct address	 sender;	/* after rewriting */
	char		*sender_key;	/* folded */
	char		*envid;		/* or NULL */
	uint64_t	 size;		/* that MAIL declared, or 0 */
	int		 discard;	/* a script drops all of it */
	struct txlimits	 limits;
	struct rcptset	 accepted;
};

TAILQ_HEAD(rcpt_queue, rcpt);
LIST_HEAD(vrfy_list, vrfy);

/* Small while idle: texts are from the heap, NULL when empty. */
struct session {
	LIST_ENTRY(session)	 entry;
	uint64_t		 id;
	unsigned int		 inst;		/* of the front */
	struct ip		 remote, local;
	uint16_t		 remote_port, local_port;
	uint8_t			 tls;
	uint8_t			 exempt;	/* from the harvest memory */
	uint32_t		 errors;	/* of recipients, so far */
	uint32_t		 auth_errors;	/* of AUTH */
	char			*listener, *login, *helo;
	char			*logins;	/* the listener's directory */
	char			*tls_version, *tls_cipher;
	char			*host;		/* NULL: nobody has asked */
	struct job		*job;		/* HELO or MAIL being decided */
	struct auth		*auth;		/* being asked about */
	struct tx		*tx;		/* NULL: no MAIL */
	unsigned int		 nrcpts;	/* in the queue */
	struct rcpt_queue	 rcpts;		/* being decided, in order */
	struct vrfy_list	 vrfys;		/* being asked about */
	struct lines		 throttled;	/* in the log */
	/*
	 * Somebody only wants to know (explain.h): nothing that outlives the
	 * session may change for it.  No figure counts it, no budget is
	 * drawn on, the log says nothing, and functions with a look-up that
	 * write do not: they answer what they would.
	 */
	uint8_t			 dry;
	/*
	 * Besides, what is remembered of earlier mail does not count: no
	 * throttle has taken anything, stores are empty, uses=N has all of
	 * them left, and mailboxes have room.
	 */
	uint8_t			 fresh;
	/* NULL: nobody listens; an explanation's, or of live.h */
	struct trace		*trace;
};

/* NULL when there is none. */
struct session *policy_session_find(unsigned int inst, uint64_t id);

/*
 * A new one, or what is known of one; without memory it stays unknown.  One
 * that becomes somebody else, by AUTH or TLS, has no transaction any more.
 */
void	 policy_session_take(unsigned int inst, const struct session_note *);

void	 policy_session_set_helo(struct session *, const char *);

/* The client's name has been found out: it is asked for once a session. */
void	 policy_session_set_host(const struct session *, const struct datum *);

/*
 * A new transaction in place of any old one; -1 without memory.  The
 * limits are the caller's to fill in.  key is the sender as a folded
 * address, which is copied.
 */
int	 policy_session_begin(struct session *, const struct address *sender,
	    const char *key);

/* The transaction is over; undecided recipients are answered 503. */
void	 policy_session_reset(struct session *);

/* The session is over: nothing is answered any more. */
void	 policy_session_end(struct session *);

/* That front is gone, and its sessions with it. */
void	 policy_session_end_all(unsigned int inst);

size_t	 policy_session_count(void);
void	 policy_session_each(void (*)(struct session *));

#endif
