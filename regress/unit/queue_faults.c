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
 * 250 means that the message is on the disk: a spool at work while each of
 * its system calls in turn fails, is the last of its process, or the last
 * before the power goes.  Afterwards every message whose commit was answered
 * TX_OK is there and whole, or has ended; none that was refused is.
 */

#include <sys/wait.h>

#include "regress/unit/queue_box.h"
#include "regress/unit/queue_disk.h"

#define STEPS		24
#define NOT_REACHED	1		/* exit code of a run */
#if defined(__SANITIZE_ADDRESS__)
#define STRIDE		4	/* such a build is slow: fewer runs, not none */
#else
#define STRIDE		1
#endif
#define TRIES_MAX	4000		/* calls that a run may make */

/* What the run said of message i before it ended. */
static struct told {
	char	 begun, kept, refused, ending;
	char	 noted;			/* a mailbox had it */
} told[STEPS * 2];

static int	 telling;		/* the pipe */

/* To the one who looks afterwards: 'b'egun, 'k'ept, 'r'efused... */
static void
tell(char what, uint32_t i)
{
	char	 msg[2] = { what, (char)i };

	if (write(telling, msg, sizeof(msg)) != sizeof(msg))
		_exit(3);
}

static void
hear(int fd)
{
	char	 msg[2];

	memset(told, 0, sizeof(told));
	while (read(fd, msg, sizeof(msg)) == sizeof(msg)) {
		struct told	*t = &told[(unsigned char)msg[1]];

		t->begun |= msg[0] == 'b';
		t->kept |= msg[0] == 'k';
		t->refused |= msg[0] == 'r';
		t->ending |= msg[0] == 'e';
		t->noted |= msg[0] == 'n';
	}
}

struct commit {
	struct box_commit	 c;
	uint32_t		 i;
};

static void
committed(void *arg, enum tx_status status)
{
	struct commit	*c = arg;

	/* as the front does: the word goes out at once */
	tell(status == TX_OK ? 'k' : 'r', c->i);
	box_committed(&c->c, status);
}

static void
begin(struct spool *sp, struct commit *c, uint32_t i, size_t len)
{
	memset(c, 0, sizeof(*c));
	c->i = i;
	tell('b', i);
	if ((c->c.fd = box_file(sp, i, len)) == -1) {
		tell('r', i);
		c->c.done = 1;
		return;
	}
	c->c.m = box_message(spool_id(sp), i, len, 2);
	spool_commit(sp, c->c.m, c->c.fd, len, committed, c);
}

/* Some of what a queue does with a message. */
static void
use(struct spool *sp, struct message *m, uint32_t i)
{
	switch (i % 5) {
	case 0:
		tell('e', i);
		message_set(m, 0, RCPT_DONE, NULL);
		message_set(m, 1, RCPT_DONE, NULL);
		spool_end(sp, m, RECORD_END_DONE);
		break;
	case 1:
		tell('n', i);
		m->rcpts[1].had = keyset_new();
		keyset_add(m->rcpts[1].had, "a:john");
		spool_note_done(sp, m, 1, "a:john");
		break;
	case 2:
		m->rcpts[0].tries = 1;
		message_set(m, 0, RCPT_WAIT, "later");
		spool_note_state(sp, m, 0);
		m->flags |= MESSAGE_HELD;
		spool_note_hold(sp, m);
		break;
	default:
		break;
	}
}

/* The run: commits alone and together, large and small, notes, moves. */
static void
run(const char *path)
{
	struct spool_conf	 conf = { .segment = 4096, .large = 2048,
	    .reserve = 1, .segments = 3, .age = 100000 };
	static struct commit	 c[STEPS * 2];
	struct spool		*sp;
	uint32_t		 i, k;

	event_init();
	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		_exit(3);
	disk_begin(path, disk.fault.end == DISK_POWER);
	sp = box_open(path, &conf);
	disk.on = 1;
	for (i = 0; i < STEPS; i++) {
		begin(sp, &c[i * 2], i * 2, i % 6 == 5 ? 3000 : 300 + i * 20);
		begin(sp, &c[i * 2 + 1], i * 2 + 1, 200);
		for (k = i * 2; k < i * 2 + 2; k++) {
			if (!box_until(&c[k].c.done))
				_exit(4);
			if (c[k].c.m != NULL)
				use(sp, c[k].c.m, k);
		}
		if (i % 8 == 7) {
			spool_sweep(sp);
			if (!box_settle(sp))
				_exit(5);
		}
	}
	/* when the disk is well again, so is the spool */
	if (disk.fault.end == DISK_GOES_ON) {
		disk.at = 0;
		if (!box_settle(sp))
			_exit(6);
		begin(sp, &c[0], STEPS * 2 - 1, 100);
		if (!box_until(&c[0].c.done) || c[0].c.m == NULL)
			_exit(7);
		tell('e', STEPS * 2 - 1);
	}
	if (!box_settle(sp))
		_exit(8);
	spool_close(sp);
}

/* Is the spool at path what was told? */
static void
look(const char *path, const char *what, int crashed)
{
	struct spool	*sp;
	struct message	*m;
	char		 found[STEPS * 2] = { 0 };
	uint64_t	 id = 0;
	uint32_t	 i;

	disk.on = 0;
	sp = box_open(path, NULL);
	while ((m = spool_next(sp, id)) != NULL) {
		id = m->id;
		i = UINT32_MAX;
		CHECK(box_check(sp, m, &i) && i < STEPS * 2, "%s %lu: "
		    "message %u is not whole", what, disk.at, i);
		if (i >= STEPS * 2)
			continue;
		CHECK(told[i].begun && (found[i]++ == 0 ||
		    i == STEPS * 2 - 1), "%s %lu: %u", what, disk.at, i);
		CHECK(m->nrcpts == 2 && (!keyset_has(m->rcpts[1].had,
		    "a:john") || told[i].noted), "%s %lu: %u has a note that "
		    "nobody made", what, disk.at, i);
		CHECK(crashed || !told[i].noted || keyset_has(
		    m->rcpts[1].had, "a:john"), "%s %lu: %u has forgotten",
		    what, disk.at, i);
	}
	for (i = 0; i < STEPS * 2; i++) {
		CHECK(!told[i].kept || told[i].ending || found[i],
		    "%s %lu: %u was kept and is lost", what, disk.at, i);
		CHECK(!told[i].refused || told[i].kept || crashed ||
		    !found[i], "%s %lu: %u was refused and is there", what,
		    disk.at, i);
		CHECK(crashed || !told[i].ending || !found[i] ||
		    i == STEPS * 2 - 1, "%s %lu: %u has ended and is there",
		    what, disk.at, i);
	}
	spool_close(sp);
}

/* One run with the fault at call at; 0 when it never came so far. */
static int
play(const char *what, unsigned long at)
{
	int	 p[2], status, died;
	pid_t	 pid;

	box_empty(box_path("spool"));
	box_empty(box_path("image"));
	disk.at = at;
	if (pipe(p) == -1 || (pid = fork()) == -1)
		abort();
	if (pid == 0) {
		close(p[0]);
		telling = p[1];
		run(box_path("spool"));
		_exit(disk.calls < at + disk.fault.after ? NOT_REACHED : 0);
	}
	close(p[1]);
	hear(p[0]);
	close(p[0]);
	if (waitpid(pid, &status, 0) == -1)
		abort();
	died = WIFEXITED(status) && WEXITSTATUS(status) == DISK_DIED;
	CHECK(died || (WIFEXITED(status) && (WEXITSTATUS(status) == 0 ||
	    WEXITSTATUS(status) == NOT_REACHED)), "%s %lu: ended with %x",
	    what, at, (unsigned int)status);
	look(disk.fault.end == DISK_POWER && died ? box_path("image") :
	    box_path("spool"), what, died);
	return (WEXITSTATUS(status) != NOT_REACHED);
}

/*
 * What the disk does, how many calls apart it is tried, and how often: 0 is
 * until a run does not come so far any more.
 */
static const struct {
	struct disk_fault	 fault;
	unsigned long		 step, tries;
} faults[] = {
	{ { "killed", 0, 0, 0, 0, DISK_KILL, 0 }, 7, 0 },
	{ { "power", 0, 0, 0, 0, DISK_POWER, 0 }, 3, 0 },
	{ { "EIO, power", 1, 0, EIO, 0, DISK_POWER, 3 }, 11, 0 },
	{ { "EIO, power later", 1, 0, EIO, 0, DISK_POWER, 17 }, 11, 0 },
	{ { "ENOSPC, killed", 3, 0, ENOSPC, 0, DISK_KILL, 9 }, 13, 0 },
	{ { "EIO", 1, 41, EIO, 0, DISK_GOES_ON, 0 }, 1, 41 },
	{ { "ENOSPC", 1, 43, ENOSPC, 0, DISK_GOES_ON, 0 }, 1, 43 },
	{ { "half", 2, 47, ENOSPC, 1, DISK_GOES_ON, 0 }, 1, 47 },
	{ { "two EIO", 2, 0, EIO, 0, DISK_GOES_ON, 0 }, 17, 0 },
	{ { "five ENOSPC", 5, 0, ENOSPC, 0, DISK_GOES_ON, 0 }, 43, 0 },
};

int
main(void)
{
	unsigned long	 at, n;
	size_t		 i;

	box_make();
	event_init();
	if ((disk.image = strdup(box_path("image"))) == NULL)
		abort();
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		disk.fault = faults[i].fault;
		for (at = 1, n = 0; at < TRIES_MAX && (faults[i].tries == 0 ||
		    n * STRIDE < faults[i].tries); n++) {
			if (!play(disk.fault.what, at))
				break;
			at += faults[i].step * STRIDE;
		}
		/* a run makes so many calls at least */
		CHECK(at < TRIES_MAX && (faults[i].tries == 0 ? at > 200 :
		    n * STRIDE >= faults[i].tries), "%s: %lu calls",
		    disk.fault.what, at);
	}
	box_remove(box_dir);
	return (check_done("queue_faults"));
}
