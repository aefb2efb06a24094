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
 * Questions to the directory.  All of them end in the one resolver of the
 * lookup process (RCPT.md 2).
 */

#ifndef MSG_RESOLVE_H
#define MSG_RESOLVE_H

#include <stdint.h>

#include "smtpd/msg/msg_session.h"
#include "smtpd/smtp/address.h"

struct rbuf;
struct wbuf;

#define RESOLVE_NAME_MAX	63	/* of an account */
#define RESOLVE_TEXT_MAX	255	/* of text= */
#define RESOLVE_DELIMS_MAX	8
#define RESOLVE_ITEMS_MAX	100	/* in one answer of an expansion */

/* Sub-addressing and catch-all: what is tried beside the literal. */
enum candidate {
	CANDIDATE_NONE,
	CANDIDATE_STANDARD,	/* cut at a delimiter; @domain */
	CANDIDATE_GIVEN,	/* this string: a rule gave it */
	CANDIDATE_COUNT
};

/* How it is asked. */
#define RESOLVE_STEPS	0x01	/* the steps are wanted, too */
#define RESOLVE_DRY	0x02	/* by somebody who only wants to know, */
#define RESOLVE_FRESH	0x04	/* as if no mail had come yet: of uses=N none
				   is used, and no mailbox is full */

/* MSG_POLICY_RESOLVE_ASK */
struct resolve_ask {
	uint8_t		 flags;		/* of the above */
	char		 directory[SESSION_DIRECTORY_MAX + 1]; /* "": default */
	struct address	 rcpt;		/* as the client wrote it */
	enum candidate	 sub;
	char		 sub_given[ADDRESS_STR_SIZE];
	char		 delims[RESOLVE_DELIMS_MAX + 1];
	enum candidate	 catchall;
	char		 catchall_given[ADDRESS_STR_SIZE];
	/* who writes: for lists with senders= */
	struct address	 sender;
	char		 login[SESSION_LOGIN_MAX + 1];	/* "": not logged in */
};

enum resolve_status {
	RESOLVE_FOUND,		/* can be delivered */
	RESOLVE_DISCARD,	/* exists: accept and drop */
	RESOLVE_RELAY,		/* unknown in a split domain: url says where */
	RESOLVE_NONE,		/* domain is local, no such address */
	RESOLVE_NOT_LOCAL,	/* domain is not ours */
	RESOLVE_DISABLED,	/* state=reject, expired, used up; text */
	RESOLVE_DEFERRED,	/* state=defer; text */
	RESOLVE_QUOTA,		/* every account behind it is full */
	RESOLVE_SENDERS,	/* a list, and this sender may not */
	RESOLVE_TEMPFAIL,	/* could not find out */
	RESOLVE_STATUS_COUNT
};

/* What stands at the address that was found. */
enum resolve_kind {
	RESOLVE_ACCOUNT,
	RESOLVE_ALIAS,
	RESOLVE_LIST,
	RESOLVE_KIND_COUNT
};

/* MSG_LOOKUP_RESOLVE_ANSWER */
struct resolve_answer {
	enum resolve_status status;
	enum resolve_kind kind;
	char		 via[ADDRESS_STR_SIZE];	/* key that existed */
	/* of the one account behind, else the address itself */
	char		 primary[ADDRESS_STR_SIZE];
	char		 account[RESOLVE_NAME_MAX + 1];	/* or "" */
	char		 url[SESSION_ROUTE_MAX + 1];	/* RESOLVE_RELAY */
	char		 text[RESOLVE_TEXT_MAX + 1];
	uint32_t	 generation;	/* of the table that answered */
	/* RESOLVE_STEPS: rows of trace.h, as long as the body is there */
	const void	*steps;
	size_t		 nsteps;	/* octets */
};

/*
 * MSG_POLICY_NAMES_ASK: addresses to show.  expand: the members of the list
 * or group alias that ask resolves to, one primary address each; else the
 * primary addresses whose local part begins with ask.rcpt.local.
 */
struct names_ask {
	uint8_t		 expand;
	uint16_t	 max;		/* names wanted at most */
	struct resolve_ask ask;
};

/* MSG_LOOKUP_NAMES_ANSWER */
struct names_answer {
	enum resolve_status status;	/* FOUND, NONE, RELAY or TEMPFAIL */
	uint8_t		 more;
	uint16_t	 n;
	char		 names[SESSION_NAMES_MAX][ADDRESS_STR_SIZE];
};

/*
 * MSG_QUEUE_EXPAND_ASK: the mailboxes behind a stored recipient, or, when
 * directory is "", behind any address, for notices: sub-addressing and
 * catch-all are the standard ones then.  Expiry, quota and senders= are not
 * asked again: they were at RCPT.
 */
struct expand_ask {
	char		 directory[SESSION_DIRECTORY_MAX + 1];
	struct address	 rcpt;		/* as stored */
	char		 via[ADDRESS_STR_SIZE];	/* as policy found it */
	uint32_t	 skip;		/* items had already: next batch */
	uint8_t		 count_use;	/* first time: uses=N counts, */
	uint64_t	 message;	/* this message, and only once */
};

enum expand_kind {
	EXPAND_ACCOUNT,		/* a mailbox of ours */
	EXPAND_REMOTE,		/* an outside address */
	EXPAND_RELAY,		/* unknown in a split domain; url */
	EXPAND_LATER,		/* cannot be said now: ask again later */
	EXPAND_KIND_COUNT
};

struct expand_item {
	enum expand_kind kind;
	char		 account[RESOLVE_NAME_MAX + 1];
	char		 address[ADDRESS_STR_SIZE];	/* primary, or remote */
	char		 url[SESSION_ROUTE_MAX + 1];
	uint64_t	 quota;		/* octets; 0 is none */
};

/*
 * MSG_LOOKUP_EXPAND_ANSWER.  FOUND with its items (each mailbox once over
 * all batches), DISCARD, NONE or DISABLED (no mailbox any more), NOT_LOCAL
 * (the domain is not ours), DEFERRED or TEMPFAIL (ask again later).  text
 * for a DISABLED.  All batches are of the same moment; TEMPFAIL for one
 * whose beginning is not remembered.
 */
struct expand_answer {
	enum resolve_status status;
	char		 text[RESOLVE_TEXT_MAX + 1];
	char		 owner[ADDRESS_STR_SIZE]; /* of a list: the sender for
						     its members; or "" */
	uint32_t	 total;		/* items over all batches */
	uint16_t	 n;		/* items here */
	struct expand_item items[RESOLVE_ITEMS_MAX];
};

/* MSG_DELIVER_USAGE_NOTE */
struct usage_note {
	char		 directory[SESSION_DIRECTORY_MAX + 1];
	char		 account[RESOLVE_NAME_MAX + 1];
	uint64_t	 octets;	/* in the mailbox now */
};

/* "found", "no such address": for those who read how it was decided. */
const char *resolve_status_name(enum resolve_status);

void	 msg_put_resolve_ask(struct wbuf *, const struct resolve_ask *);
int	 msg_get_resolve_ask(struct rbuf *, struct resolve_ask *);
void	 msg_put_resolve_answer(struct wbuf *, const struct resolve_answer *);
int	 msg_get_resolve_answer(struct rbuf *, struct resolve_answer *);
void	 msg_put_names_ask(struct wbuf *, const struct names_ask *);
int	 msg_get_names_ask(struct rbuf *, struct names_ask *);
void	 msg_put_names_answer(struct wbuf *, const struct names_answer *);
int	 msg_get_names_answer(struct rbuf *, struct names_answer *);
void	 msg_put_expand_ask(struct wbuf *, const struct expand_ask *);
int	 msg_get_expand_ask(struct rbuf *, struct expand_ask *);
void	 msg_put_expand_answer(struct wbuf *, const struct expand_answer *);
int	 msg_get_expand_answer(struct rbuf *, struct expand_answer *);
void	 msg_put_usage(struct wbuf *, const struct usage_note *);
int	 msg_get_usage(struct rbuf *, struct usage_note *);

#endif
