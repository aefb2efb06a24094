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
 * The greylist of the lookup process, with a clock of the test's own: who
 * waits, who is known, for how long; what a kill, a full disk and damage
 * leave of it; lists.
 */

#include <sys/mman.h>
#include <sys/resource.h>

#include <signal.h>

#include "lookup/memo.h"
#include "regress/unit/lookup_play.h"
#include "smtpd/msg/msg_greylist.h"

#define S	INT64_C(1000)		/* ms */
#define DAY	(86400 * S)
#define FAILS	(-1)			/* instead of ms to wait */

static int64_t			*wall;		/* shared by all lives */
#define now	(*wall)
static struct greylist_list_answer list_said;

uint64_t
clock_wall_us(void)
{
	return ((uint64_t)now * 1000);
}

static int
heard(enum proc_id to, unsigned int inst, uint32_t type, struct rbuf *r)
{
	if (type != MSG_LOOKUP_GREYLIST_ANSWER)
		return (0);
	if (msg_get_greylist_answer(r, &list_said) == -1)
		return (-1);
	play_take_rows(r);
	return (0);
}

static int64_t
ask(int dry, const char *ip, const char *sender, const char *rcpt)
{
	struct greylist_ask	 m;
	struct wbuf		 w;

	memset(&m, 0, sizeof(m));
	m.dry = (uint8_t)dry;
	CHECK(network_parse(ip, &m.network) == 0, "%s", ip);
	(void)strlcpy(m.sender, sender, sizeof(m.sender));
	(void)strlcpy(m.rcpt, rcpt, sizeof(m.rcpt));
	wbuf_init(&w);
	msg_put_greylist_ask(&w, &m);
	play_ask(PROC_POLICY, MSG_POLICY_GREYLIST_ASK, &w);
	if (play_value.status != VALUE_FOUND)
		return (FAILS);
	return (play_value.value.integer);
}

static int64_t
comes(const char *ip, const char *sender, const char *rcpt)
{
	return (ask(0, ip, sender, rcpt));
}

/* All parts; what was changed. */
static uint32_t
list(enum greylist_what what, const char *network)
{
	struct greylist_list_ask	 m;
	static char			 all[sizeof(play_rows)];
	struct wbuf			 w;
	uint32_t			 changed = 0;

	memset(&m, 0, sizeof(m));
	m.what = what;
	CHECK(network[0] == '\0' || network_parse(network, &m.network) == 0,
	    "%s", network);
	all[0] = '\0';
	do {
		wbuf_init(&w);
		msg_put_greylist_list(&w, &m);
		play_ask(PROC_CONTROL, MSG_CONTROL_GREYLIST_ASK, &w);
		(void)strlcat(all, play_rows, sizeof(all));
		changed += list_said.changed;
		m.after = list_said.next;
	} while (list_said.next.len != 0);
	(void)strlcpy(play_rows, all, sizeof(play_rows));
	return (changed);
}

static size_t
lines(void)
{
	const char	*p;
	size_t		 n = 0;

	for (p = play_rows; *p != '\0'; p++)
		n += *p == '\n';
	return (n);
}

static void
test_delay(void)
{
	CHECK(comes("192.0.2.1", "a@b.test", "j@o.test") == 300 * S, "new");
	now += 299 * S;
	CHECK(comes("192.0.2.200", "a@b.test", "j@o.test") == S,
	    "early, from its neighbour");
	CHECK(comes("192.0.3.1", "a@b.test", "j@o.test") == 300 * S &&
	    comes("192.0.2.1", "", "j@o.test") == 300 * S &&
	    comes("192.0.2.1", "a@b.test", "k@o.test") == 300 * S,
	    "another network, sender, recipient");
	/* where one ends and the other begins is not the same */
	CHECK(comes("192.0.2.1", "a@b.testj", "@o.test") == 300 * S,
	    "joined");
	now += S;
	CHECK(ask(1, "192.0.2.1", "a@b.test", "j@o.test") == 0 &&
	    ask(1, "192.0.2.1", "new@b.test", "j@o.test") == 300 * S, "dry");
	now += S;
	CHECK(ask(1, "192.0.2.1", "new@b.test", "j@o.test") == 300 * S,
	    "a dry question is remembered");
	CHECK(comes("192.0.2.1", "a@b.test", "j@o.test") == 0, "in time");
	now += 34 * DAY;
	CHECK(comes("192.0.2.1", "a@b.test", "j@o.test") == 0, "known");
	now += 34 * DAY;
	CHECK(comes("192.0.2.1", "a@b.test", "j@o.test") == 0,
	    "known for longer, since it came");
	now += 35 * DAY;
	CHECK(comes("192.0.2.1", "a@b.test", "j@o.test") == 300 * S,
	    "stays known for ever");
}

static void
test_window(void)
{
	CHECK(comes("198.51.100.1", "a@b.test", "j@o.test") == 300 * S,
	    "new");
	now += 2 * DAY - 1;
	CHECK(ask(1, "198.51.100.1", "a@b.test", "j@o.test") == 0,
	    "within the window");
	now += 1;
	CHECK(comes("198.51.100.1", "a@b.test", "j@o.test") == 300 * S,
	    "too late, and it begins anew");
}

/* After three that became known the network is, one in each delay. */
static void
test_network(void)
{
	char	 sender[32];
	int	 i;

	for (i = 0; i < 8; i++) {
		(void)snprintf(sender, sizeof(sender), "s%d@b.test", i);
		(void)comes("2001:db8::1", sender, "j@o.test");
	}
	now += 300 * S;
	for (i = 0; i < 5; i++) {
		(void)snprintf(sender, sizeof(sender), "s%d@b.test", i);
		CHECK(comes("2001:db8::9", sender, "j@o.test") == 0, "%d", i);
	}
	CHECK(comes("2001:db8::1", "x@b.test", "j@o.test") != 0,
	    "five at once count as many");
	for (; i < 7; i++) {
		now += 300 * S;
		(void)snprintf(sender, sizeof(sender), "s%d@b.test", i);
		CHECK(comes("2001:db8::9", sender, "j@o.test") == 0, "%d", i);
	}
	CHECK(comes("2001:db8::5", "y@b.test", "j@o.test") == 0, "known");
	CHECK(comes("2001:db8:0:1::5", "y@b.test", "j@o.test") != 0,
	    "its neighbour is");
	now += 35 * DAY - 1;
	CHECK(comes("2001:db8::5", "z@b.test", "j@o.test") == 0, "renewed");
	now += 35 * DAY;
	CHECK(comes("2001:db8::5", "z@b.test", "j@o.test") != 0, "for ever");
}

static void
test_clock(void)
{
	CHECK(comes("203.0.113.1", "a@b.test", "j@o.test") == 300 * S, "new");
	now -= 30 * DAY;
	CHECK(comes("203.0.113.1", "a@b.test", "j@o.test") == 300 * S,
	    "waits for longer than it may");
	now += 300 * S;
	CHECK(comes("203.0.113.1", "a@b.test", "j@o.test") == 0,
	    "waits until the clock is where it was");
	now += 30 * DAY;
}

static void
test_lists(void)
{
	char	 sender[400];
	int	 i;

	(void)list(GREYLIST_FORGET, "");
	for (i = 0; i < 450; i++) {
		(void)snprintf(sender, sizeof(sender), "s%03d@b.test", i);
		(void)comes("10.1.1.1", sender, "j@o.test");
	}
	/* longer than a key may be */
	memset(sender, 'x', sizeof(sender));
	(void)strlcpy(sender + 60, "@b.test", 8);
	memset(sender + 67, 'y', 240);
	sender[307] = '\0';
	CHECK(comes("10.1.1.1", sender, sender) == 300 * S &&
	    comes("10.1.2.1", sender, sender) == 300 * S, "long");
	sender[0] = 'z';
	CHECK(comes("10.1.2.1", sender, sender) == 300 * S, "long ones");
	(void)list(GREYLIST_SHOW, "");
	CHECK(lines() == 7 * 453 && strstr(play_rows, sender) != NULL,
	    "%zu lines", lines());
	(void)list(GREYLIST_SHOW, "10.1.2.0/24");
	CHECK(lines() == 7 * 2, "%zu lines of one network", lines());
	(void)list(GREYLIST_SHOW, "10.1.3.0/24");
	CHECK(lines() == 0, "of nobody: %s", play_rows);
	CHECK(list(GREYLIST_FORGET, "10.1.1.7") == 451, "forget");
	CHECK(comes("10.1.1.1", "s000@b.test", "j@o.test") == 300 * S,
	    "not forgotten");
	now += 300 * S;
	CHECK(comes("10.1.2.1", sender, sender) == 0, "a long one passes");
	CHECK(list(GREYLIST_PASS, "10.1.5.9") == 1 &&
	    comes("10.1.5.1", "a@b.test", "j@o.test") == 0, "pass");
	(void)list(GREYLIST_SHOW, "10.1.5.9");
	CHECK(strcmp(play_rows, "10.1.5.0/24\n*\n*\nknown\npassed=0\nwait=0\n"
	    "expires=3024000\n") == 0, "show: %s", play_rows);
	CHECK(list(GREYLIST_FORGET, "") == 5 &&
	    memo_totals(MEMO_GREY)->records == 0, "forget all");
}

/* A record that is none is not known, which is not new; it can be seen. */
static void
test_damage(void)
{
	static const uint8_t	 key[] = "\4\300\0\2\0\0\0\0\0"
	    "a@b.test\0j@o.test";

	CHECK(comes("192.0.1.1", "b@b.test", "j@o.test") != FAILS &&
	    comes("192.0.3.1", "b@b.test", "j@o.test") != FAILS, "others");
	memo_begin();
	memo_put(MEMO_GREY, key, sizeof(key) - 1, "\1", 1, (uint64_t)now +
	    1000);
	CHECK(memo_commit() == 0, "put");
	CHECK(comes("192.0.2.1", "a@b.test", "j@o.test") == FAILS, "damage");
	(void)list(GREYLIST_SHOW, "");
	CHECK(lines() == 14, "what is behind damage is not shown");
	now += 1000;
	CHECK(comes("192.0.2.1", "a@b.test", "j@o.test") == 300 * S,
	    "it never ends");
}

/* Those that wait go first. */
static void
test_bound(void)
{
	char	 sender[32];
	int	 i;

	(void)list(GREYLIST_FORGET, "");
	(void)comes("192.0.2.1", "a@b.test", "j@o.test");
	now += 300 * S;
	CHECK(comes("192.0.2.1", "a@b.test", "j@o.test") == 0, "known");
	memo_bound(MEMO_GREY, 50, 1 << 20);
	for (i = 0; i < 500; i++, now++) {
		(void)snprintf(sender, sizeof(sender), "s%d@b.test", i);
		CHECK(comes("10.1.1.1", sender, "j@o.test") == 300 * S,
		    "%s", sender);
	}
	CHECK(memo_totals(MEMO_GREY)->records <= 50 &&
	    comes("192.0.2.1", "a@b.test", "j@o.test") == 0,
	    "a flood pushes out who is known");
	memo_bound(MEMO_GREY, 1000000, 1 << 28);
}

static void
test_full_disk(void)
{
	struct rlimit	 rl, old;
	char		 sender[32];
	int		 i, failed = 0;

	(void)signal(SIGXFSZ, SIG_IGN);
	(void)getrlimit(RLIMIT_FSIZE, &old);
	rl = old;
	rl.rlim_cur = 200000;
	CHECK(setrlimit(RLIMIT_FSIZE, &rl) == 0, "setrlimit");
	for (i = 0; i < 3000 && failed < 5; i++) {
		(void)snprintf(sender, sizeof(sender), "f%d@b.test", i);
		failed += comes("10.2.2.2", sender, "j@o.test") == FAILS;
	}
	CHECK(failed == 5, "a full disk was not seen: %d", failed);
	CHECK(comes("192.0.2.1", "a@b.test", "j@o.test") == 0,
	    "who is known is refused");
	CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0, "setrlimit");
	CHECK(comes("10.2.2.2", sender, "j@o.test") == 300 * S,
	    "one that failed was remembered");
}

static void
first_life(void)
{
	play_begin(0);
	test_delay();
	test_window();
	test_network();
	test_clock();
	test_lists();
	test_damage();
	test_bound();
	(void)comes("192.0.2.1", "killed@b.test", "j@o.test");
	(void)kill(getpid(), check_failed == 0 ? SIGKILL : SIGTERM);
}

static void
second_life(void)
{
	play_begin(0);
	CHECK(ask(1, "192.0.2.1", "killed@b.test", "j@o.test") == 300 * S &&
	    comes("192.0.2.1", "a@b.test", "j@o.test") == 0, "known");
	now += 300 * S;
	CHECK(comes("192.0.2.1", "killed@b.test", "j@o.test") == 0,
	    "a kill forgets");
	test_full_disk();
}

int
main(void)
{
	pid_t	 pid;
	int	 status;

	wall = mmap(NULL, sizeof(*wall), PROT_READ | PROT_WRITE, MAP_SHARED |
	    MAP_ANONYMOUS, -1, 0);
	CHECK(wall != MAP_FAILED, "mmap");
	now = INT64_C(1800000000) * S;
	play_open();
	play_hear = heard;
	play_conf.greylist.delay = 300;
	play_conf.greylist.window = 2 * 86400;
	play_conf.greylist.expire = 35 * 86400;
	play_conf.greylist.pass_after = 3;
	(void)fflush(stdout);
	if ((pid = fork()) == 0) {
		play_run(first_life);
		_exit(1);
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGKILL, "the first life: %d", status);
	play_life(second_life);
	play_close();
	return (check_done("lookup_greylist"));
}
