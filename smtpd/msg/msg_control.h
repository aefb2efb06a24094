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
 * Control and the others, smtpctl and control.
 *
 * What is shown travels as rows of named fields, so that smtpctl can print
 * columns or JSON without knowing what they mean.
 */

#ifndef MSG_CONTROL_H
#define MSG_CONTROL_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/wire.h"
#include "smtpd/smtp/address.h"

#define ROW_KEY_MAX	31
#define ROW_VALUE_MAX	(64 * 1024 - 1)
#define COMMAND_ARGS_MAX 16
#define COMMAND_ARG_MAX	(64 * 1024 - 1)

/*
 * A row under construction: row_str and row_num append fields to a wbuf,
 * row_end closes it.  Rows may follow each other in one body.
 */
void	 row_str(struct wbuf *, const char *key, const char *value);
void	 row_num(struct wbuf *, const char *key, int64_t value);
void	 row_end(struct wbuf *);

/* Reading: next field of the row; 0 at its end, -1 when malformed. */
struct row_field {
	char		 key[ROW_KEY_MAX + 1];
	int		 is_number;
	int64_t		 number;
	const char	*value;		/* into the body, not terminated */
	size_t		 len;
};
int	 row_next(struct rbuf *, struct row_field *);

/* Is another row there? */
int	 row_more(const struct rbuf *);

/*
 * MSG_CONTROL_STATS_ASK: body empty.  MSG_CHILD_STATS_ANSWER: one row.
 * MSG_CONTROL_SESSIONS_ASK, MSG_CONTROL_QUEUE_ASK: a list_ask;
 * MSG_FRONT_SESSIONS_ANSWER, MSG_QUEUE_LIST_ANSWER: a list_head, then rows.
 */
enum list_what {
	LIST_SHOW,
	LIST_RETRY,		/* queue: try now */
	LIST_HOLD,
	LIST_RELEASE,
	LIST_REMOVE,
	LIST_WHAT_COUNT
};

struct list_ask {
	enum list_what	 what;
	uint64_t	 after;		/* cursor: both 0 at first, then */
	uint32_t	 part;		/* next and part of the answer */
	uint64_t	 id;		/* this one only; 0: all */
	/* those that fit, of the queue: "a@b", "@b", "<>"; "" is any */
	char		 from[ADDRESS_STR_SIZE];
	char		 to[ADDRESS_STR_SIZE];
	uint32_t	 older;		/* than s */
};

struct list_head {
	uint64_t	 next;		/* cursor for the next; 0: no more */
	uint32_t	 part;		/* of an entry that is a list itself */
	uint32_t	 changed;	/* entries that the command changed */
};

void	 msg_put_list_ask(struct wbuf *, const struct list_ask *);
int	 msg_get_list_ask(struct rbuf *, struct list_ask *);
void	 msg_put_list_head(struct wbuf *, const struct list_head *);
int	 msg_get_list_head(struct rbuf *, struct list_head *);

/*
 * MSG_SMTPCTL_COMMAND_ASK: the words of the command line after the
 * options, and MSG_VERSION in front.
 */
struct command_ask {
	uint32_t	 version;
	size_t		 n;
	char		*args[COMMAND_ARGS_MAX];	/* from the heap */
};

void	 msg_put_command(struct wbuf *, const struct command_ask *);
int	 msg_get_command(struct rbuf *, struct command_ask *);
void	 command_free(struct command_ask *);

/* MSG_CONTROL_END_ANSWER: no more rows; status is of sysexits(3). */
struct end_answer {
	int		 status;
	char		 text[256];	/* why it failed, or "" */
};

void	 msg_put_end(struct wbuf *, const struct end_answer *);
int	 msg_get_end(struct rbuf *, struct end_answer *);

#endif
