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
 * Spools that are not what was written: cut, overwritten, flipped, strange.
 * What is whole is found again, what is not is put aside and never deleted,
 * and nothing is believed that was not written.
 */

#include <sys/wait.h>

#include "regress/unit/queue_box.h"

#define MESSAGES	12
#define ENDED		4		/* every fourth has ended */

static uint8_t	 good[BOX_SEGMENT];	/* a segment */
static size_t	 goodlen;
static uint64_t	 ids[MESSAGES];
static size_t	 starts[MESSAGES];	/* of their records */

/* Ours win: thousands of starts, and no power to lose. */
int
fsync(int fd)
{
	return (0);
}

int
fdatasync(int fd)
{
	return (0);
}

/* The octets of a file of the box. */
static size_t
get(const char *name, uint8_t *buf, size_t size)
{
	ssize_t	 n;
	int	 fd;

	if ((fd = open(box_path(name), O_RDONLY)) == -1)
		return (0);
	if ((n = read(fd, buf, size)) == -1)
		abort();
	close(fd);
	return ((size_t)n);
}

static void
put(const char *name, const uint8_t *buf, size_t len)
{
	int	 fd;

	if ((fd = open(box_path(name), O_WRONLY | O_CREAT | O_TRUNC,
	    0600)) == -1 || write(fd, buf, len) != (ssize_t)len)
		abort();
	close(fd);
}

/* A log of one segment with these octets, in a spool without other mail. */
static void
plant(const uint8_t *buf, size_t len)
{
	box_remove(box_path("spool/log"));
	box_remove(box_path("spool/bad"));
	if (mkdir(box_path("spool/log"), 0700) == -1)
		abort();
	put("spool/log/00000001", buf, len);
}

/* Make the segment that all tests damage. */
static void
setup(void)
{
	struct spool	*sp = box_open(box_path("spool"), NULL);
	struct message	*m;
	uint32_t	 i;

	for (i = 0; i < MESSAGES; i++) {
		m = box_add(sp, i, 100 + i, 1);
		ids[i] = m->id;
		starts[i] = m->offset - m->bodylen - RECORD_HEAD;
		if (i % ENDED == ENDED - 1)
			spool_end(sp, m, RECORD_END_DONE);
	}
	spool_close(sp);
	/* a start cuts off what is reserved */
	sp = box_open(box_path("spool"), NULL);
	spool_close(sp);
	goodlen = get("spool/log/00000001", good, sizeof(good));
	if (goodlen < 1000 || goodlen == sizeof(good))
		abort();
}

/* Open the planted spool: which messages, as bits; all must be whole. */
static unsigned int
look(void)
{
	struct spool	*sp = box_open(box_path("spool"), NULL);
	struct message	*m;
	unsigned int	 found = 0;
	uint64_t	 id = 0;
	uint32_t	 n;

	while ((m = spool_next(sp, id)) != NULL) {
		id = m->id;
		CHECK(box_check(sp, m, &n) && n < MESSAGES && ids[n] == id,
		    "message %016" PRIx64 " was never written", id);
		found |= 1U << n;
	}
	spool_close(sp);
	return (found);
}

/* Those that are there when records from the first on are lost. */
static unsigned int
live(unsigned int first, unsigned int lost)
{
	unsigned int	 i, bits = 0;

	for (i = 0; i < MESSAGES; i++)
		if ((i < first || i >= first + lost) &&
		    i % ENDED != ENDED - 1)
			bits |= 1U << i;
	return (bits);
}

/* Where record i ends: the next begins, or its END does. */
static size_t
record_end_of(unsigned int i)
{
	struct record	 rec;

	if (record_open(good + starts[i], &rec) != RECORD_OK)
		abort();
	return (starts[i] + RECORD_HEAD + rec.bodylen + rec.textlen);
}

/* Cut at every octet: what was whole before the cut is there. */
static void
test_cut(void)
{
	unsigned int	 i, n, want, found;
	size_t		 len;

	for (len = 0; len <= goodlen; len += len < starts[10] ? 61 : 1) {
		plant(good, len);
		for (n = 0; n < MESSAGES && record_end_of(n) <= len; n++)
			;
		want = live(n, MESSAGES);
		/* the END of the last one may be cut off */
		found = look();
		for (i = 0; i < MESSAGES; i++)
			if (i % ENDED == ENDED - 1 && i + 1 == n)
				want |= found & 1U << i;
		CHECK(found == want, "cut at %zu: %x, not %x", len, found,
		    want);
	}
}

/* Garbage behind the end, as a crash leaves it: nothing else is touched. */
static void
test_torn(void)
{
	uint8_t		 buf[BOX_SEGMENT];
	unsigned int	 i;
	size_t		 n, tail;

	for (tail = 1; tail < 3000; tail = tail * 2 + 1)
		for (i = 0; i < 3; i++) {
			memset(buf, 0, sizeof(buf));
			memcpy(buf, good, goodlen);
			/* noise, a record cut short, a mark after zeros */
			if (i == 0)
				for (n = 0; n < tail; n++)
					buf[goodlen + n] = (uint8_t)(n * 151 +
					    n / 251 + 1);
			else if (i == 1)
				memcpy(buf + goodlen, good + starts[0],
				    tail < 150 ? tail : 150);
			else
				memcpy(buf + goodlen + tail, "\xd1SQ\x1a", 4);
			plant(buf, sizeof(buf));
			CHECK(look() == live(0, 0), "tail %zu.%u", tail, i);
			CHECK(look() == live(0, 0), "tail %zu.%u again", tail,
			    i);
		}
}

/* A bit flipped anywhere costs the message that it is in, and no other. */
static void
test_flips(void)
{
	uint8_t		 buf[BOX_SEGMENT];
	unsigned int	 found, must;
	size_t		 at, i;

	memcpy(buf, good, goodlen);
	for (at = 0; at < goodlen; at += at < starts[1] ? 1 : 17) {
		buf[at] ^= 1U << at % 8;
		plant(buf, goodlen);
		/* of another version of the format: see test_version */
		if (at == 4) {
			buf[at] ^= 1U << at % 8;
			continue;
		}
		found = look();
		must = live(0, 0);
		for (i = 0; i < MESSAGES; i++)
			if (at >= starts[i] && at < record_end_of(
			    (unsigned int)i))
				must &= ~(1U << i);
		/* one whose END is damaged comes again: that is no loss */
		CHECK((found & must) == must && !(found & ~must &
		    live(0, 0)), "flip at %zu: %x, not %x", at, found, must);
		buf[at] ^= 1U << at % 8;
	}
}

/* What was damaged is never deleted, but put aside when all is delivered. */
static void
test_aside(void)
{
	struct spool	*sp;
	struct message	*m;
	uint8_t		 buf[BOX_SEGMENT], now[BOX_SEGMENT];

	memcpy(buf, good, goodlen);
	buf[starts[1] + RECORD_HEAD + 20] ^= 1;
	plant(buf, goodlen);
	sp = box_open(box_path("spool"), NULL);
	while ((m = spool_next(sp, 0)) != NULL)
		spool_end(sp, m, RECORD_END_DONE);
	CHECK(box_settle(sp), "does not come to rest");
	spool_close(sp);
	CHECK(box_count("spool/bad") == 1 && get("spool/bad/00000001", now,
	    sizeof(now)) == goodlen && memcmp(now, buf, goodlen) == 0,
	    "the damaged segment is gone");
	/* its number is never given again */
	box_remove(box_path("spool/log"));
	sp = box_open(box_path("spool"), NULL);
	CHECK(sp->log.number == 2, "number %u again", sp->log.number);
	spool_close(sp);
}

/* The same record again, and those of another segment, count for nothing. */
static void
test_strangers(void)
{
	uint8_t	 buf[BOX_SEGMENT];
	size_t	 len = starts[2] - starts[1];

	memcpy(buf, good, goodlen);
	memcpy(buf + goodlen, good + starts[1], len);
	plant(buf, goodlen + len);
	CHECK(look() == live(0, 0), "a record that stands there twice");

	plant(good, goodlen);
	put("spool/log/00000002", good, goodlen);
	CHECK(look() == live(0, 0), "a segment under another's name");

	/* other names are left alone */
	plant(good, goodlen);
	put("spool/log/notes.txt", good, 10);
	put("spool/log/0000000A", good, goodlen);
	put("spool/own/00/00000000000000a1", good, 10);
	put("spool/own/00/x", good, 10);
	CHECK(look() == live(0, 0), "strangers in the spool");
	CHECK(get("spool/log/notes.txt", buf, sizeof(buf)) == 10 &&
	    get("spool/own/00/x", buf, sizeof(buf)) == 10, "they are gone");
	box_remove(box_path("spool/own/00/x"));
	box_remove(box_path("spool/own/00/00000000000000a1"));
}

/* Own files: damaged ones stay where they are, torn notes are cut off. */
static void
test_own(void)
{
	struct spool	*sp;
	struct message	*m;
	uint8_t		 buf[BOX_SEGMENT], cut[BOX_SEGMENT];
	char		 name[64];
	size_t		 len, at;
	uint64_t	 id;
	uint32_t	 n;

	plant(good, 0);
	sp = box_open(box_path("spool"), NULL);
	m = box_add(sp, 77, 6000, 2);
	id = m->id;
	spool_note_done(sp, m, 0, "a:one");
	spool_note_done(sp, m, 0, "a:two");
	spool_close(sp);
	(void)snprintf(name, sizeof(name), "spool/own/%02x/%016" PRIx64,
	    (unsigned int)(id & 0xff), id);
	len = get(name, buf, sizeof(buf));
	CHECK(len > 6000, "no file %s", name);
	for (at = len; at > 0; at -= at > 6300 || at < 300 ? 1 : 97) {
		put(name, buf, at - 1);
		sp = box_open(box_path("spool"), NULL);
		m = spool_find(sp, id);
		CHECK((m != NULL) == (at - 1 >= len - 2 * (RECORD_HEAD + 13)),
		    "cut at %zu: %d", at - 1, m != NULL);
		CHECK(m == NULL || (box_check(sp, m, &n) && n == 77 &&
		    !keyset_has(m->rcpts[0].had, "a:two")), "cut at %zu",
		    at - 1);
		/* what comes next is not lost behind what was torn */
		if (m != NULL)
			spool_note_done(sp, m, 0, "a:new");
		spool_close(sp);
		sp = box_open(box_path("spool"), NULL);
		m = spool_find(sp, id);
		CHECK(m == NULL || keyset_has(m->rcpts[0].had, "a:new"),
		    "cut at %zu: lost", at - 1);
		spool_close(sp);
		CHECK(m != NULL || (get(name, cut, sizeof(cut)) == at - 1 &&
		    memcmp(buf, cut, at - 1) == 0), "cut at %zu: changed",
		    at - 1);
	}
	box_remove(box_path(name));
}

/* A start that must not go on: its exit code, and what it says. */
static int
refuses(const char *want)
{
	char	 said[2048];
	ssize_t	 n;
	size_t	 len = 0;
	pid_t	 pid;
	int	 p[2], status;

	if (pipe(p) == -1 || (pid = fork()) == -1)
		abort();
	if (pid == 0) {
		(void)dup2(p[1], 2);
		event_init();
		(void)box_open(box_path("spool"), NULL);
		_exit(0);
	}
	close(p[1]);
	while ((n = read(p[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	close(p[0]);
	if (waitpid(pid, &status, 0) == -1)
		abort();
	return (WIFEXITED(status) && WEXITSTATUS(status) == 1 &&
	    strstr(said, want) != NULL);
}

static void
test_refused(void)
{
	struct spool	*sp;
	uint8_t		 buf[BOX_SEGMENT];

	memcpy(buf, good, goodlen);
	buf[4]++;
	plant(buf, goodlen);
	CHECK(refuses("another version"), "another version is read");

	plant(good, goodlen);
	CHECK(link(box_path("spool/log/00000001"),
	    box_path("spool/log/00000002")) == 0, "link");
	CHECK(refuses("cannot go on without log/00000001"), "two names");

	plant(good, goodlen);
	CHECK(symlink("00000001", box_path("spool/log/00000002")) == 0,
	    "symlink");
	CHECK(refuses("cannot go on without log/00000002"), "a symlink");

	plant(good, goodlen);
	CHECK(chmod(box_path("spool"), 0770) == 0 &&
	    refuses("others may write"), "a spool for all");
	CHECK(chmod(box_path("spool"), 0700) == 0, "chmod");
	sp = box_open(box_path("spool"), NULL);
	CHECK(refuses("in use"), "two servers");
	spool_close(sp);
	CHECK(!refuses(""), "a good one is refused");
}

int
main(void)
{
	event_init();
	box_make();
	setup();
	test_cut();
	test_torn();
	test_flips();
	test_aside();
	test_strangers();
	test_own();
	test_refused();
	box_remove(box_dir);
	return (check_done("queue_damage"));
}
