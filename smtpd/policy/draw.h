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
 * The harvest memory as this process sees it, RCPT.md 4.  This is the one
 * door for whoever finds that a client has guessed: RCPT, VRFY, EXPN, and
 * AUTH with a wrong password.
 *
 * Before anything is found out about what was asked: draw_banned, and
 * where it is true the same answer to all that is asked (450 4.7.1), right
 * or wrong.  When something turned out to be wrong: draw_take, and when it
 * says DRAW_SPENT that same answer instead of the refusal.  Clients that
 * have logged in, and those of exempt networks, are never banned and draw
 * nothing; the session's login must be set by then.
 *
 * For a client of a network without errors all of this is a comparison.
 */

#ifndef DRAW_H
#define DRAW_H

#include <stdint.h>

struct proc_msg;
struct session;

enum draw_status {
	DRAW_GRANTED,		/* within the budget: say what it is */
	DRAW_SPENT,		/* say nothing about it */
	DRAW_UNKNOWN,		/* lookup did not answer: a temporary failure */
	DRAW_WAIT		/* wake will be called */
};

/* Part of what is being decided. */
struct draw {
	const struct session	*session;
	void			(*wake)(void *);
	void			*arg;
	uint8_t			 asked;
	uint8_t			 known;
	enum draw_status	 status;
};

int	 draw_banned(const struct session *);

void	 draw_begin(struct draw *, const struct session *,
	    void (*wake)(void *), void *arg);

/*
 * One error of the session.  After WAIT it is called again once wake has
 * been, and then says something else; called more than once it still is
 * one error.
 */
enum draw_status
	 draw_take(struct draw *);

/* The end, also while lookup is being asked; more than once is fine. */
void	 draw_end(struct draw *);

/* MSG_LOOKUP_BAN_NOTE; and for proc_on_peer: a new front is told all. */
int	 draw_take_ban(struct proc_msg *);
void	 draw_front_up(void);

#endif
