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
 * The commands of the greylist: lookup is asked for one part after the
 * other.
 */

#include <string.h>
#include <sysexits.h>

#include "control/client.h"
#include "control/command.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/msg/msg.h"

static void	 greylist_next(struct client *);

static void
greylist_end(struct client *c)
{
	if (c->silent != 0) {
		client_end(c, EX_TEMPFAIL, "not all of it could be read or "
		    "changed");
		return;
	}
	if (c->greylist.what != GREYLIST_SHOW && c->changed == 0) {
		client_end(c, EX_DATAERR, "nothing is remembered of that");
		return;
	}
	if (c->greylist.what != GREYLIST_SHOW)
		client_end_changed(c);
	else
		client_end(c, EX_OK, NULL);
}

static int
greylist_answer(void *arg, struct proc_msg *m)
{
	static struct greylist_list_answer	 ans;
	struct client				*c = arg;

	if (m == NULL) {
		client_end(c, EX_TEMPFAIL, "no answer in time");
		return (0);
	}
	if (msg_get_greylist_answer(&m->body, &ans) == -1)
		return (-1);
	if (rbuf_left(&m->body) != 0)
		client_rows(c, m->body.p, rbuf_left(&m->body));
	rbuf_skip(&m->body);
	c->changed += ans.changed;
	c->silent += ans.failed;
	c->greylist.after = ans.next;
	if (ans.next.len == 0)
		c->target++;
	if (!client_busy(c, c->next))
		c->next(c);
	return (0);
}

static void
greylist_next(struct client *c)
{
	struct wbuf	 w;

	if (c->target != 0) {
		greylist_end(c);
		return;
	}
	wbuf_init(&w);
	msg_put_greylist_list(&w, &c->greylist);
	(void)pending_ask(PROC_LOOKUP, 0, MSG_CONTROL_GREYLIST_ASK, -1, &w,
	    PENDING_LOOKUP, greylist_answer, c);
}

static void
greylist_run(struct client *c, enum greylist_what what, const char *network)
{
	memset(&c->greylist, 0, sizeof(c->greylist));
	c->greylist.what = what;
	if (network != NULL &&
	    (what == GREYLIST_PASS || strcmp(network, "all") != 0) &&
	    network_parse(network, &c->greylist.network) == -1) {
		client_end(c, EX_USAGE, what == GREYLIST_PASS ?
		    "expected an address, or a network as 'show greylist' "
		    "has it" : "expected all, an address, or a network as "
		    "'show greylist' has it");
		return;
	}
	if (what != GREYLIST_SHOW)
		log_info("greylist %s %s by uid %u", what == GREYLIST_PASS ?
		    "pass" : "forget", network, (unsigned int)c->uid);
	c->next = greylist_next;
	greylist_next(c);
}

void
command_greylist(struct client *c, struct command_ask *ask)
{
	greylist_run(c, GREYLIST_SHOW, ask->n > 2 ? ask->args[2] : NULL);
}

void
command_greylist_change(struct client *c, struct command_ask *ask)
{
	greylist_run(c, strcmp(ask->args[1], "pass") == 0 ? GREYLIST_PASS :
	    GREYLIST_FORGET, ask->args[2]);
}
