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
 * The spool in good times: what was committed is there after a start, what
 * has ended is not, segments go, and messages that stay move out of them.
 */

#include <sys/syscall.h>

#include <stdatomic.h>

#include "regress/unit/queue_box.h"

#define MANY	300
#define SLOW	50		/* ms that a disk takes */

static struct spool	*sp;
static atomic_int	 slow;	/* it takes them */

/* A disk as slow as we like: what waits for it does not depend on ours. */
int
fdatasync(int fd)
{
	if (atomic_load(&slow))
		usleep(SLOW * 1000);
	return ((int)syscall(SYS_fdatasync, fd));
}

/* All messages of the spool; each must be whole. */
static uint64_t
count_whole(void)
{
	struct message	*m;
	uint64_t	 id = 0, n = 0;
	uint32_t	 number;

	while ((m = spool_next(sp, id)) != NULL) {
		id = m->id;
		CHECK(box_check(sp, m, &number), "message %016" PRIx64
		    " is not what it was", id);
		n++;
	}
	return (n);
}

static void
again(const struct spool_conf *conf)
{
	spool_close(sp);
	sp = box_open(box_path("spool"), conf);
}

static void
test_commit(void)
{
	struct message		*m;
	struct spool_stats	 st;
	uint64_t		 ids[MANY], last;
	uint32_t		 i, number;

	sp = box_open(box_path("spool"), NULL);
	CHECK(spool_next(sp, 0) == NULL, "a new spool is not empty");
	for (i = 0; i < MANY; i++) {
		/* both sides of what fits in the log, and nothing at all */
		m = box_add(sp, i, i == 0 ? 0 : i * 17, 1 + i % 3);
		CHECK(m != NULL, "%u refused", i);
		ids[i] = m->id;
		CHECK(i == 0 || ids[i] > ids[i - 1], "ids do not grow");
		CHECK((m->own != NULL) == (RECORD_HEAD + m->bodylen +
		    m->length > BOX_LARGE), "%u is in the wrong place", i);
	}
	spool_stats(sp, &st);
	CHECK(st.messages == MANY && st.committed == MANY &&
	    st.segments > 10 && st.own > 10 && st.refused == 0 && !st.down,
	    "stats: %" PRIu64 " %" PRIu64, st.messages, st.segments);
	CHECK(count_whole() == MANY, "not all");
	last = spool_id(sp);

	again(NULL);
	CHECK(count_whole() == MANY, "not all after a start");
	for (i = 0; i < MANY; i++) {
		m = spool_find(sp, ids[i]);
		CHECK(m != NULL && m->nrcpts == 1 + i % 3 &&
		    m->nopen == m->nrcpts && box_check(sp, m, &number) &&
		    number == i, "%u is another one", i);
	}
	CHECK(spool_id(sp) > last, "an id comes again");
	CHECK(box_count("spool/tmp") == 0, "something is left in tmp");
}

/* All kinds of notes, on messages of the log and of their own files. */
static void
test_notes(void)
{
	struct message	*m, *own;
	uint64_t	 id, oid;
	uint32_t	 i;

	m = box_add(sp, 1000, 100, 4);
	own = box_add(sp, 1001, 9000, 4);
	id = m->id;
	oid = own->id;
	CHECK(m->own == NULL && own->own != NULL, "places");
	for (i = 0; i < 2; i++, m = own) {
		m->rcpts[0].tries = 3;
		m->rcpts[0].next = clock_mono() + 1000000;
		message_set(m, 0, RCPT_WAIT, "mailbox full\r\nreally");
		spool_note_state(sp, m, 0);
		message_set(m, 1, RCPT_DONE, NULL);
		spool_note_done(sp, m, 1, "");
		spool_note_done(sp, m, 2, "a:john");
		spool_note_done(sp, m, 2, "r:x@y.example");
		message_set(m, 3, RCPT_FAILED, "no");
		spool_note_state(sp, m, 3);
		m->flags |= MESSAGE_HELD;
		spool_note_hold(sp, m);
	}
	again(NULL);
	for (i = 0; i < 2; i++) {
		m = spool_find(sp, i == 0 ? id : oid);
		CHECK(m != NULL && m->nopen == 2 && m->ntell == 1,
		    "%u: counts", i);
		CHECK(m->rcpts[0].tries == 3 && strcmp(m->rcpts[0].text,
		    "mailbox full") == 0, "%u: state", i);
		CHECK(m->rcpts[0].next > clock_mono() + 900000 &&
		    m->rcpts[0].next <= clock_mono() + 1001000, "%u: next %"
		    PRIu64, i, m->rcpts[0].next - clock_mono());
		CHECK(m->rcpts[1].state == RCPT_DONE, "%u: done", i);
		CHECK(keyset_has(m->rcpts[2].had, "a:john") &&
		    keyset_has(m->rcpts[2].had, "r:x@y.example") &&
		    !keyset_has(m->rcpts[2].had, "a:jane"), "%u: had", i);
		CHECK(m->flags & MESSAGE_HELD && m->flags & MESSAGE_OLD,
		    "%u: flags", i);
		m->flags &= ~(unsigned int)MESSAGE_HELD;
		spool_note_hold(sp, m);
	}
	again(NULL);
	CHECK(!(spool_find(sp, id)->flags & MESSAGE_HELD) &&
	    !(spool_find(sp, oid)->flags & MESSAGE_HELD), "still held");
}

/* What is finished goes, and with the last of its messages a segment. */
static void
test_end(void)
{
	struct message	*m;
	unsigned int	 before = box_count("spool/log"), n = 0;
	uint64_t	 id = 0;

	while ((m = spool_next(sp, id)) != NULL) {
		id = m->id;
		if (n++ % 2 == 0)
			spool_end(sp, m, RECORD_END_DONE);
	}
	again(NULL);
	CHECK(count_whole() == n / 2, "%" PRIu64 " of %u are there",
	    count_whole(), n);
	while ((m = spool_next(sp, 0)) != NULL)
		spool_end(sp, m, RECORD_END_REMOVED);
	CHECK(box_settle(sp), "does not come to rest");
	CHECK(box_count("spool/log") == 1 && before > 10,
	    "%u of %u segments are left", box_count("spool/log"), before);
	again(NULL);
	CHECK(spool_next(sp, 0) == NULL, "something is left");
	CHECK(box_count("spool/bad") == 0, "something is damaged");
}

#define STAYS	10

/* Of 200 messages one of twenty stays, with something known of it. */
static void
fill(uint64_t *stays)
{
	struct message	*m;
	uint32_t	 i;

	for (i = 0; i < 200; i++) {
		m = box_add(sp, i, 1000, 2);
		if (i % 20 != 3) {
			spool_end(sp, m, RECORD_END_DONE);
			continue;
		}
		stays[i / 20] = m->id;
		m->rcpts[0].tries = i;
		message_set(m, 0, RCPT_WAIT, "later");
		spool_note_state(sp, m, 0);
		m->rcpts[1].had = keyset_new();
		keyset_add(m->rcpts[1].had, "a:john");
		spool_note_done(sp, m, 1, "a:john");
		m->flags |= i == 3 ? MESSAGE_HELD : 0;
		spool_note_hold(sp, m);
	}
}

/* Is it all known still? */
static void
check_stays(const uint64_t *stays, const char *when)
{
	struct message	*m;
	uint32_t	 n;

	for (n = 0; n < STAYS; n++) {
		m = spool_find(sp, stays[n]);
		CHECK(m != NULL && m->rcpts[0].tries == n * 20 + 3 &&
		    keyset_has(m->rcpts[1].had, "a:john") &&
		    !(m->flags & MESSAGE_MOVING) &&
		    !(m->flags & MESSAGE_HELD) == (n != 0),
		    "%s: %u has forgotten", when, n);
	}
	CHECK(count_whole() == STAYS, "%s: texts", when);
}

/* The few that stay leave their segments, with all that is known of them. */
static void
test_move(void)
{
	struct spool_conf	 conf = { .segment = BOX_SEGMENT,
	    .large = BOX_LARGE, .reserve = 1, .segments = 3, .age = 100000 };
	struct spool_stats	 st;
	struct message		*m;
	uint64_t		 stays[STAYS];
	uint32_t		 i;

	again(&conf);
	fill(stays);
	spool_stats(sp, &st);
	CHECK(st.segments > 10, "%" PRIu64 " segments", st.segments);
	/* one that is being tried is left alone until that is over */
	m = spool_find(sp, stays[0]);
	for (i = 0; i < 50; i++) {
		m->nactive = i < 10;
		spool_sweep(sp);
		CHECK(box_settle(sp), "does not come to rest");
		CHECK(i >= 10 || m->own == NULL, "moved under way");
	}
	spool_stats(sp, &st);
	CHECK(st.segments <= 3 && st.moved >= 7 && st.moved == box_idle &&
	    box_count("spool/log") == st.segments, "%" PRIu64 " segments, %"
	    PRIu64 " moved", st.segments, st.moved);
	check_stays(stays, "moved");
	again(&conf);
	check_stays(stays, "started");
	/* they go on as files */
	m = spool_find(sp, stays[0]);
	CHECK(m->own != NULL, "the first is not a file");
	message_set(m, 0, RCPT_DONE, NULL);
	spool_note_done(sp, m, 0, "");
	again(&conf);
	CHECK(spool_find(sp, stays[0])->rcpts[0].state == RCPT_DONE,
	    "a file forgets");
	while ((m = spool_next(sp, 0)) != NULL)
		spool_end(sp, m, RECORD_END_DONE);
}

/* Many at once are made durable together. */
static void
test_group(void)
{
	struct box_commit	*c;
	struct spool_stats	 before, after;
	uint32_t		 i;

	c = calloc(64, sizeof(*c));
	spool_stats(sp, &before);
	atomic_store(&slow, 1);
	for (i = 0; i < 64; i++)
		box_begin(sp, &c[i], i, 50, 1);
	for (i = 0; i < 64; i++)
		CHECK(box_until(&c[i].done) && c[i].m != NULL, "%u", i);
	atomic_store(&slow, 0);
	spool_stats(sp, &after);
	CHECK(after.committed == before.committed + 64 &&
	    after.syncs - before.syncs <= 32, "%" PRIu64 " syncs for 64",
	    after.syncs - before.syncs);
	free(c);
}

/* Nobody was told 250: as queue_tx.c takes a message back. */
static void
taken_back(void *arg, enum tx_status status)
{
	struct box_commit	*c = arg;
	struct message		*m = c->m;

	box_committed(arg, status);
	if (status == TX_OK)
		spool_end(sp, m, RECORD_END_REMOVED);
}

/* What waits when the spool is closed is answered, and kept if it said so. */
static void
test_close(void)
{
	struct box_commit	 back[2], *c;
	struct message		*m;
	uint32_t		 i;

	memset(back, 0, sizeof(back));
	while ((m = spool_next(sp, 0)) != NULL)
		spool_end(sp, m, RECORD_END_DONE);
	c = calloc(64, sizeof(*c));
	for (i = 0; i < 64; i++) {
		m = box_add(sp, i, 500, 1);
		box_begin(sp, &c[i], i, i % 2 == 0 ? 50 : 5000, 1);
		spool_end(sp, m, RECORD_END_DONE);
	}
	/* and so is what only comes up while it is being closed */
	for (i = 0; i < 2; i++) {
		back[i].fd = box_file(sp, i, 50);
		back[i].m = box_message(spool_id(sp), i, 50, 1);
		spool_commit(sp, back[i].m, back[i].fd, 50, taken_back,
		    &back[i]);
	}
	again(NULL);
	for (i = 0; i < 64; i++)
		CHECK(c[i].done && c[i].m != NULL, "%u is not answered", i);
	CHECK(back[0].done && back[1].done, "those to be taken back");
	CHECK(count_whole() == 64, "%" PRIu64 " of 64", count_whole());
	free(c);
}

/* A start that is broken off changes nothing. */
static void
test_broken_start(void)
{
	struct spool_conf	 conf = { .segment = BOX_SEGMENT };
	unsigned int		 i, n;

	for (n = 0; n < 5; n++) {
		spool_close(sp);
		conf.idle = box_moved;
		sp = spool_new(spool_prepare(box_path("spool"), "nobody"),
		    &conf);
		for (i = 0; i < n; i++)
			if (!spool_recover(sp))
				break;
	}
	again(NULL);
	CHECK(count_whole() == 64, "%" PRIu64 " of 64", count_whole());
	spool_close(sp);
}

int
main(void)
{
	event_init();
	box_loud = 1;
	box_make();
	test_commit();
	test_notes();
	test_end();
	test_move();
	test_group();
	test_close();
	test_broken_start();
	box_remove(box_dir);
	return (check_done("queue_spool"));
}
