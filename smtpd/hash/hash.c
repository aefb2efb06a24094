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
 * The process: its route table.
 */

#include <sys/types.h>
#include <sys/resource.h>
#include <bsd/string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/hash/hash.h"
#include "smtpd/hash/hash_check.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_parent.h"

#define HASH_USER	"_smtpk"
#define HASH_ROOT	"/var/empty"
#define HASH_NICE	12	/* mail goes on while passwords are guessed */

static int	 started;
static uint64_t	 nright, nwrong, nbad;

static int
hash_take_ask(struct proc_msg *m)
{
	struct hash_ask		 ask;
	struct hash_answer	 a;
	struct wbuf		 w;

	if (!started || msg_get_hash_ask(&m->body, &ask) == -1)
		return (-1);
	a.result = hash_check(&ask);
	explicit_bzero(&ask, sizeof(ask));
	if (a.result == AUTH_OK)
		nright++;
	else if (a.result == AUTH_NO)
		nwrong++;
	else
		nbad++;
	wbuf_init(&w);
	msg_put_hash_answer(&w, &a);
	(void)proc_answer(m, MSG_HASH_DONE_ANSWER, -1, &w);
	return (0);
}

static int
hash_take_start(struct proc_msg *m)
{
	struct start_note	 start;

	if (started || msg_get_start(&m->body, &start) == -1)
		return (-1);
	started = 1;
	if (setpriority(PRIO_PROCESS, 0, HASH_NICE) == -1)
		log_warn("setpriority");
	priv_drop(HASH_USER, HASH_ROOT);
	priv_hide();
	sandbox_enter(PROC_HASH, NULL, 0);
	proc_open();
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
	return (0);
}

static int
hash_take_stats(struct proc_msg *m)
{
	struct wbuf	 w;

	wbuf_init(&w);
	row_num(&w, "right", (int64_t)nright);
	row_num(&w, "wrong", (int64_t)nwrong);
	row_num(&w, "unusable", (int64_t)nbad);
	row_end(&w);
	(void)proc_answer(m, MSG_CHILD_STATS_ANSWER, -1, &w);
	return (0);
}

/* Everything this process will ever listen to. */
static const struct proc_route	 routes[] = {
	{ MSG_PARENT_PEER_NOTE,	 PROC_PARENT,	PROC_FD_MUST,
	    proc_take_peer },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK,	 PROC_PARENT,	PROC_FD_NONE,
	    msg_take_alive },
	{ MSG_PARENT_START_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    hash_take_start },
	{ MSG_LOOKUP_HASH_ASK,	 PROC_LOOKUP,	PROC_FD_NONE,
	    hash_take_ask },
	{ MSG_CONTROL_STATS_ASK, PROC_CONTROL,	PROC_FD_NONE,
	    hash_take_stats },
};

void
hash_main(unsigned int inst)
{
	proc_init(PROC_HASH, inst, 3, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_run();
}
