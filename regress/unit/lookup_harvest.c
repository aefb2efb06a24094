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
 * The harvest memory of the lookup process: draws, bans told to policies,
 * lists, pardons, and what a kill, a restart and damage leave of it.
 */

#include <signal.h>

#include "lookup/bdb_env.h"
#include "lookup/state.h"
#include "regress/unit/lookup_play.h"
#include "smtpd/msg/msg_harvest.h"

#define BUDGET	3

static enum harvest_draw	 drawn;
static struct ban_note		 bans[8];
static unsigned int		 nbans, nto[2];
static struct list_head		 head;
static int			 policies;	/* that are up */

int
proc_peer_up(enum proc_id id, unsigned int inst)
{
	return (id == PROC_POLICY && (int)inst < policies);
}

/* Wins over the one of lookup_play.h, which knows no harvest memory. */
static int
heard(enum proc_id to, unsigned int inst, uint32_t type, struct rbuf *r)
{
	if (type == MSG_LOOKUP_HARVEST_ANSWER)
		return (msg_get_harvest_answer(r, &drawn));
	if (type == MSG_LOOKUP_BAN_NOTE) {
		CHECK(to == PROC_POLICY && inst < 2 && nbans < 8, "to whom");
		nto[inst]++;
		return (msg_get_ban(r, &bans[nbans++]));
	}
	if (type == MSG_LOOKUP_NETWORKS_ANSWER) {
		if (msg_get_list_head(r, &head) == -1)
			return (-1);
		play_take_rows(r);
	}
	return (0);
}

static struct network
net(const char *text)
{
	struct network	 n = { 0, 0 };

	CHECK(strcmp(text, "all") == 0 || network_parse(text, &n) == 0, "%s",
	    text);
	return (n);
}

static enum harvest_draw
draw(const char *text)
{
	struct harvest_ask	 ask = { net(text) };
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_harvest_ask(&w, &ask);
	play_ask(PROC_POLICY, MSG_POLICY_HARVEST_ASK, &w);
	return (drawn);
}

/* Show, or pardon this one; how many it was. */
static uint32_t
list(enum list_what what, const char *text)
{
	struct list_ask	 ask;
	struct network	 n = net(text);
	struct wbuf	 w;

	memset(&ask, 0, sizeof(ask));
	ask.what = what;
	ask.part = n.family;
	ask.after = n.prefix;
	wbuf_init(&w);
	msg_put_list_ask(&w, &ask);
	play_ask(PROC_CONTROL, MSG_CONTROL_HARVEST_ASK, &w);
	return (head.changed);
}

static void
spend(const char *text)
{
	int	 i;

	for (i = 0; i < BUDGET; i++)
		CHECK(draw(text) == HARVEST_GRANTED, "%s: %d", text, i);
}

static void
first_life(void)
{
	unsigned int	 i;

	policies = 2;
	play_begin(0);
	CHECK(nbans == 2 && bans[0].network.family == 0 && nto[0] == 1 &&
	    nto[1] == 1, "policies are told that nobody is banned");
	nbans = 0;
	spend("192.0.2.1");
	CHECK(nbans == 0 && draw("192.0.2.255") == HARVEST_SPENT, "one /24");
	CHECK(nbans == 2 && bans[1].network.family == 4 &&
	    bans[1].left == 600000, "both policies hear of the ban");
	CHECK(draw("192.0.3.1") == HARVEST_GRANTED, "another /24");
	spend("2001:db8:1:2::3");
	CHECK(draw("2001:db8:1:2:ffff::9") == HARVEST_SPENT &&
	    draw("2001:db8:1:3::3") == HARVEST_GRANTED, "a /64");
	CHECK(draw("::1") == HARVEST_GRANTED, "the first /64 of all");

	(void)list(LIST_SHOW, "all");
	CHECK(head.next == 0 && strcmp(play_rows,
	    "192.0.2.0/24\nbanned\ntaken=3\nbudget=3\nerrors=3\nbanned=600\n"
	    "192.0.3.0/24\nfree\ntaken=1\nbudget=3\nerrors=1\nbanned=0\n"
	    "::/64\nfree\ntaken=1\nbudget=3\nerrors=1\nbanned=0\n"
	    "2001:db8:1:2::/64\nbanned\ntaken=3\nbudget=3\nerrors=3\n"
	    "banned=600\n"
	    "2001:db8:1:3::/64\nfree\ntaken=1\nbudget=3\nerrors=1\n"
	    "banned=0\n") == 0, "show: %s", play_rows);

	nbans = 0;
	CHECK(list(LIST_REMOVE, "2001:db8:1:2::9") == 1 && nbans == 2 &&
	    bans[0].left == 0 && bans[0].network.family == 6,
	    "a pardon is told");
	CHECK(list(LIST_REMOVE, "203.0.113.1") == 0, "pardon of nobody");
	/* more than one answer holds */
	for (i = 0; i < 600; i++) {
		char	 text[32];

		(void)snprintf(text, sizeof(text), "10.%u.%u.1", i / 200,
		    i % 200);
		(void)draw(text);
	}
	(void)list(LIST_SHOW, "all");
	CHECK(head.next != 0 && head.part == 4, "one answer has all");
	(void)raise(SIGKILL);
}

static void
second_life(void)
{
	policies = 0;
	play_begin(0);
	CHECK(nbans == 0, "nobody is there");
	play_on_peer(PROC_POLICY, 1, 1);
	CHECK(nbans == 2 && bans[0].network.family == 0 &&
	    bans[1].network.family == 4 && bans[1].left > 500000 && nto[0] == 0,
	    "a policy that comes is told the ban");
	CHECK(draw("192.0.2.7") == HARVEST_SPENT, "a kill forgives");
	CHECK(draw("192.0.3.1") == HARVEST_GRANTED &&
	    draw("192.0.3.1") == HARVEST_GRANTED &&
	    draw("192.0.3.1") == HARVEST_SPENT, "a kill forgives errors");
	CHECK(list(LIST_REMOVE, "all") > 600, "pardon of all");
	(void)list(LIST_SHOW, "all");
	CHECK(play_rows[0] == '\0' && draw("192.0.2.7") == HARVEST_GRANTED,
	    "left: %s", play_rows);
	/* a record that is none, one of another version */
	CHECK(bdb_store_put(state_harvest(), "zzz", 3, "x", 1) == 0 &&
	    bdb_store_put(state_harvest(), "\4\0\0\0\0\0\0\1\0", 9, "\2", 1) ==
	    0, "put");
}

static void
third_life(void)
{
	struct bdb_item	 item;

	play_begin(0);
	CHECK(bdb_store_get(state_harvest(), "zzz", 3, &item) ==
	    ANSWER_NONE && bdb_store_get(state_harvest(),
	    "\4\0\0\0\0\0\0\1\0", 9, &item) == ANSWER_NONE,
	    "damage stays for ever");
	(void)list(LIST_SHOW, "all");
	CHECK(strncmp(play_rows, "192.0.2.0/24\nfree\ntaken=1\n", 26) == 0,
	    "the rest is gone: %s", play_rows);
}

static void
test_bodies(void)
{
	struct wbuf	 w;

	play_begin(0);
	/* no network, a bit too many, a family that is none */
	wbuf_init(&w);
	wbuf_u8(&w, 0);
	wbuf_u64(&w, 0);
	CHECK(play_put(PROC_POLICY, MSG_POLICY_HARVEST_ASK, 1, &w) == -1,
	    "no network");
	wbuf_init(&w);
	wbuf_u8(&w, 4);
	wbuf_u64(&w, 1);
	CHECK(play_put(PROC_POLICY, MSG_POLICY_HARVEST_ASK, 1, &w) == -1,
	    "IPv4 of 64 bits");
	wbuf_init(&w);
	wbuf_u8(&w, 5);
	wbuf_u64(&w, 0);
	CHECK(play_put(PROC_POLICY, MSG_POLICY_HARVEST_ASK, 1, &w) == -1,
	    "IPv5");
}

int
main(void)
{
	pid_t	 pid;
	int	 status;

	play_open();
	play_hear = heard;
	play_conf.harvest.budget.count = BUDGET;
	play_conf.harvest.ban = 600000;
	if ((pid = fork()) == 0) {
		play_run(first_life);
		_exit(1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGKILL, "the first life: %d", status);
	play_life(second_life);
	play_life(third_life);
	play_life(test_bodies);
	play_close();
	return (check_done("lookup_harvest"));
}
