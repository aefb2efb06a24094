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
 * Room-private: the commands that have files of their own.  Each begins
 * its command and ends it, now or later, with client_end.
 */

#ifndef COMMAND_H
#define COMMAND_H

#include "smtpd/base/proc.h"

struct client;
struct command_ask;

/* For proc_on_peer: who is asked for figures. */
void	 command_peer(enum proc_id, unsigned int inst, int up);

/* The taker of MSG_PARENT_GENERATION_NOTE; a policy of that generation. */
int	 command_take_generation(struct proc_msg *);
unsigned int command_policy(void);

void	 command_queue(struct client *, struct command_ask *);
void	 command_queue_change(struct client *, struct command_ask *);
void	 command_sessions(struct client *, struct command_ask *);
void	 command_greylist(struct client *, struct command_ask *);
void	 command_greylist_change(struct client *, struct command_ask *);
void	 command_harvest(struct client *, struct command_ask *);
void	 command_pardon(struct client *, struct command_ask *);
void	 command_directory(struct client *, struct command_ask *);
void	 command_explain(struct client *, struct command_ask *);
void	 command_answers(struct client *, struct command_ask *);
void	 command_why(struct client *, struct command_ask *);
void	 command_path(struct client *, struct command_ask *);

/*
 * command_trace.c: the command; its end, also where there is none; the
 * taker of MSG_FRONT_TRACE_NOTE; and a front or policy is there anew, or
 * is there no more.
 */
void	 command_trace(struct client *, struct command_ask *);
void	 command_trace_end(struct client *);
int	 command_take_trace(struct proc_msg *);
void	 command_trace_peer(enum proc_id, unsigned int inst);
void	 command_trace_gone(enum proc_id, unsigned int inst);

#endif
