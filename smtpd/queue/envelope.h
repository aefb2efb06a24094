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
 * A queued message in memory: where its text is, and what became of each
 * of its recipients.  The envelope itself stays encoded, as it is stored,
 * and is decoded when it is needed: some 300 octets a message in all.
 */

#ifndef ENVELOPE_H
#define ENVELOPE_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_tx.h"

struct keyset;
struct own_file;
struct wait;
struct wbuf;

#define ENVELOPE_RCPTS_MAX	10000

/* Stored in records: numbers are fixed. */
enum rcpt_state {
	RCPT_WAIT,		/* to be tried at next */
	RCPT_FAILED,		/* for good; the sender is to be told */
	RCPT_DONE,
	RCPT_DELIVERED,		/* the sender wants to be told */
	RCPT_RELAYED,		/* the same, and the next server does not */
	RCPT_EXPANDED,		/* the same, of a list */
	RCPT_STATE_COUNT
};

struct rcpt {
	uint64_t	 next;		/* clock_mono() ms */
	struct keyset	*had;		/* mailboxes that have it, or NULL */
	char		*text;		/* why not yet, or NULL */
	struct wait	*wait;		/* for its next hop, or NULL */
	struct run	*run;		/* that tries it, or NULL */
	uint32_t	 at;		/* of its encoding in the body */
	uint32_t	 tries;
	uint8_t		 state;		/* enum rcpt_state */
	uint8_t		 active;	/* being tried now */
	uint8_t		 late;		/* the sender is to hear of the delay */
	uint8_t		 told;		/* and has */
	uint8_t		 counted;	/* lookup was told of its first try */
};

#define MESSAGE_HELD	0x01		/* by hand */
#define MESSAGE_READY	0x02		/* stands in a list of the due ones */
#define MESSAGE_MOVING	0x04		/* into a file of its own */
#define MESSAGE_REMOVE	0x08		/* as soon as nothing uses it */
#define MESSAGE_OLD	0x10		/* was tried before */
#define MESSAGE_CHANGED	0x20		/* by hand, while it moved */
#define MESSAGE_LATE	0x40		/* a delay is to be told */

struct message {
	RB_ENTRY(message) entry;	/* of the index */
	TAILQ_ENTRY(message) ready;
	uint64_t	 id;
	int64_t		 created;	/* Epoch s */
	uint64_t	 next;		/* earliest of its recipients */
	uint64_t	 tell;		/* clock_mono(): no notice before */
	uint64_t	 offset, length; /* of the text in its file */
	struct own_file	*own;		/* its own file, or NULL */
	uint32_t	 segment;	/* else the number of its segment */
	uint32_t	 slot;		/* in the schedule */
	uint32_t	 nrcpts, nopen;	/* nopen: in RCPT_WAIT */
	uint32_t	 ntell;		/* neither in RCPT_WAIT nor done */
	uint32_t	 nactive;
	uint32_t	 cursor;	/* first one not looked at when due */
	uint32_t	 bodylen;
	unsigned int	 flags;
	uint8_t		*body;		/* of the RECORD_MESSAGE */
	struct rcpt	 rcpts[];
};

RB_HEAD(message_tree, message);
RB_PROTOTYPE(message_tree, message, entry, message_cmp)

/* All of the envelope but the recipients. */
struct envelope {
	int64_t		 created;
	struct address	 sender;
	uint8_t		 smtputf8, body8, ret;
	char		 envid[SESSION_ENVID_MAX + 1];
	uint32_t	 nrcpts;	/* that many follow */
};

/*
 * The body of a RECORD_MESSAGE is an envelope and then its recipients.
 * Put marks w bad for a string with CR or LF, and get refuses it.  The id
 * of an envelope_note is not part of it.
 */
void	 envelope_put(struct wbuf *, const struct envelope *);
void	 envelope_put_rcpt(struct wbuf *, const struct envelope_note *);

/*
 * A message of its body, which is copied; NULL when that is malformed.
 * All recipients are in RCPT_WAIT, due at once.
 */
struct message *message_new(uint64_t id, const void *body, size_t len);
void	 message_free(struct message *);	/* NULL is fine; not own */

/* Its envelope, and its i-th recipient. */
void	 message_envelope(const struct message *, struct envelope *);
void	 message_rcpt(const struct message *, uint32_t i,
	    struct envelope_note *);

/* Change the state of a recipient; text may be NULL. */
void	 message_set(struct message *, uint32_t i, enum rcpt_state,
	    const char *text);

#endif
