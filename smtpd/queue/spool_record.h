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
 * The records of the spool, smtpd-queue(5).  Pure: octets in, octets out.
 * What is read is taken for hostile.
 *
 * A record is a head of RECORD_HEAD octets, a body, and for a MESSAGE its
 * text.  The head's checksum covers head and body, and so the checksum of
 * the text that stands in the head.
 */

#ifndef SPOOL_RECORD_H
#define SPOOL_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_resolve.h"

struct rbuf;
struct wbuf;

#define RECORD_VERSION	1
#define RECORD_HEAD	40
#define RECORD_LOG_MAX	(1024 * 1024)	/* a larger one gets its own file */
#define RECORD_BODY_MAX	(16 * 1024 * 1024)
#define RECORD_TEXT_MAX	255		/* of a reason */
#define RECORD_KEY_MAX	(ADDRESS_STR_SIZE + 1)	/* kind, ':', mailbox */

enum record_type {
	RECORD_SEGMENT = 1,	/* first of a segment */
	RECORD_MESSAGE,		/* envelope; text follows */
	RECORD_DONE,		/* a recipient, or one mailbox of it */
	RECORD_STATE,		/* of a recipient: tries, next, why */
	RECORD_HOLD,		/* the message is held, or no longer */
	RECORD_MOVED,		/* the message has its own file now */
	RECORD_END,		/* the message is gone */
	RECORD_COUNT
};

struct record {
	enum record_type type;
	uint32_t	 segment;	/* number; 0 in a file of its own */
	uint64_t	 id;		/* of the message */
	uint32_t	 bodylen;
	uint32_t	 textsum;	/* crc32 */
	uint64_t	 textlen;	/* 0 unless it is a MESSAGE */
};

enum record_status {
	RECORD_OK,
	RECORD_NONE,		/* zeros: nothing was written here */
	RECORD_OTHER,		/* of another version of the format */
	RECORD_BAD
};

/* Write the head of a record with that body. */
void	 record_seal(uint8_t head[RECORD_HEAD], const struct record *,
	    const void *body);

/*
 * Read a head.  OK says only that its lengths are within their limits;
 * record_check then tells whether head and body belong together.
 */
enum record_status
	 record_open(const uint8_t head[RECORD_HEAD], struct record *);
int	 record_check(const uint8_t head[RECORD_HEAD], const void *body,
	    size_t bodylen);

/*
 * The first place in len octets where a head may begin, at least its first
 * RECORD_MARK octets, or len.  Heads have NUL, which no text has that came
 * over SMTP: nobody can send one inside a message.
 */
#define RECORD_MARK	4
size_t	 record_find(const void *, size_t len);

/* Checksum of the next part of a text; the first sum is 0. */
uint32_t record_sum(uint32_t sum, const void *, size_t);

/* RECORD_SEGMENT: when it was begun, and the highest id given so far. */
struct record_segment {
	int64_t		 created;	/* Epoch s */
	uint64_t	 last_id;
};

/* RECORD_DONE: key is the mailbox, or "" for all of the recipient. */
struct record_done {
	uint32_t	 rcpt;
	char		 key[RECORD_KEY_MAX + 1];
};

/* RECORD_STATE */
struct record_state {
	uint32_t	 rcpt;
	uint8_t		 state;		/* enum rcpt_state */
	uint8_t		 told;		/* the sender knows that it is late */
	uint32_t	 tries;
	int64_t		 next;		/* Epoch s */
	char		 text[RECORD_TEXT_MAX + 1];
};

enum record_end {
	RECORD_END_DONE,	/* every recipient has it */
	RECORD_END_REMOVED,	/* by hand, or nobody was told 250 */
	RECORD_END_REFUSED,	/* its commit failed */
	RECORD_END_COUNT
};

/*
 * Bodies.  Put marks w bad when a string has an octet that no single line
 * may have; get returns -1 for anything that put would not have written.
 * The bodies of HOLD (0 or 1) and END (record_end) are one octet, that of
 * MOVED is empty; that of MESSAGE is in envelope.h.
 */
void	 record_put_segment(struct wbuf *, const struct record_segment *);
int	 record_get_segment(struct rbuf *, struct record_segment *);
void	 record_put_done(struct wbuf *, const struct record_done *);
int	 record_get_done(struct rbuf *, struct record_done *);
void	 record_put_state(struct wbuf *, const struct record_state *);
int	 record_get_state(struct rbuf *, struct record_state *);

/* A string for a single line: bad when it holds CR or LF. */
void	 record_put_line(struct wbuf *, const char *);
void	 record_get_line(struct rbuf *, char *, size_t);

/* Epoch s: bad when it is not between 1970 and far from here. */
#define RECORD_TIME_MAX	((int64_t)1 << 40)
int64_t	 record_get_time(struct rbuf *);

#endif
