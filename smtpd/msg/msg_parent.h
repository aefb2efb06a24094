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
 * The parent and its children: life and death.
 */

#ifndef MSG_PARENT_H
#define MSG_PARENT_H

#include <stdint.h>

#include "smtpd/base/proc.h"

#define PARENT_TEXT_MAX	16384	/* errors of a configuration, by lines */

/*
 * MSG_CONTROL_RELOAD_ASK, MSG_CONTROL_ROLLBACK_ASK: body empty.
 * MSG_PARENT_RELOAD_ANSWER: what went wrong ("" when all is well), lines
 * separated by line feeds, and the generation that counts now.
 */
struct reload_answer {
	char		 text[PARENT_TEXT_MAX + 1];
	uint32_t	 generation;
};

/*
 * MSG_PARENT_GENERATION_NOTE: sessions that come from now on belong to the
 * policy in this slot.  Those of the slot retired, if it is below
 * PROC_SLOTS_MAX, go over to it.  MSG_FRONT_DRAINED_NOTE, the same with
 * the slot and number of a former generation: its last session has ended.
 */
struct generation_note {
	uint8_t		 slot;
	uint32_t	 number;	/* of the generation, from 1 */
	uint8_t		 retired;
};

/* MSG_CONTROL_VERBOSE_NOTE and MSG_PARENT_VERBOSE_NOTE: one octet, 0 or 1.
 * MSG_CONTROL_STOP_NOTE, MSG_CONTROL_PROCS_ASK: body empty.
 * MSG_PARENT_PROCS_ANSWER: rows (msg_control.h), one a process.
 * MSG_CONTROL_GENERATIONS_ASK: body empty; its answer is rows as well.
 * MSG_LOOKUP_TABLES_NOTE: one string, as in reload_answer.
 * MSG_PARENT_ALIVE_ASK and MSG_CHILD_ALIVE_ANSWER: body empty. */

/*
 * MSG_PARENT_START_NOTE: all has been told.  stuck says that the one before
 * was killed because its loop no longer turned.
 */
struct start_note {
	uint8_t		 stuck;
};

void	 msg_put_start(struct wbuf *, const struct start_note *);
int	 msg_get_start(struct rbuf *, struct start_note *);

void	 msg_put_reload_answer(struct wbuf *, const struct reload_answer *);
int	 msg_get_reload_answer(struct rbuf *, struct reload_answer *);

void	 msg_put_generation(struct wbuf *, const struct generation_note *);
int	 msg_get_generation(struct rbuf *, struct generation_note *);

/* The taker of MSG_PARENT_ALIVE_ASK in every child. */
int	 msg_take_alive(struct proc_msg *);

/* MSG_PARENT_PEER_NOTE: the descriptor leads to this process. */
void	 msg_put_peer(struct wbuf *, enum proc_id, unsigned int inst);

#endif
