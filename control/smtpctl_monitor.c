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
 * monitor: what the counters of "show stats" have grown by, line after
 * line.  The server does nothing for it but answer that command.
 */

#include <bsd/stdlib.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "control/smtpctl.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_control.h"

#define MONITOR_SECONDS	3600		/* between two lines, at most */
#define MONITOR_LINES	1000000000
#define MONITOR_HEADING	22		/* lines of a terminal between two */
#define MONITOR_KEEP	30		/* s that a connection may be idle */

/* The columns: rejected is what is refused for good. */
enum figure {
	SESSIONS,
	CONNECTIONS,
	REFUSED,
	RCPTS_ACCEPTED,
	RCPTS_DEFERRED,
	RCPTS_REJECTED,
	MESSAGES,
	LOGINS,
	LOGINS_FAILED,
	WAITING,
	DELIVERED,
	DEFERRED,
	FAILED,
	FIGURES
};

static const struct {
	const char	*name, *heading;
	const char	*process, *key;		/* of the counter */
	int		 now;			/* how many there are */
} figures[FIGURES] = {
	[SESSIONS] = { "sessions", "sess", "front", "sessions", 1 },
	[CONNECTIONS] = { "connections", "conn", "front", "connections", 0 },
	[REFUSED] = { "refused", "away", "front", "refused", 0 },
	[RCPTS_ACCEPTED] = { "rcpts_accepted", "rcpt", "front",
	    "rcpts_accepted", 0 },
	[RCPTS_DEFERRED] = { "rcpts_deferred", "4yz", "front",
	    "rcpts_deferred", 0 },
	[RCPTS_REJECTED] = { "rcpts_rejected", "5yz", "front",
	    "rcpts_refused", 0 },
	[MESSAGES] = { "messages", "msgs", "front", "messages", 0 },
	[LOGINS] = { "logins", "login", "front", "logins", 0 },
	[LOGINS_FAILED] = { "logins_failed", "wrong", "front",
	    "logins_failed", 0 },
	[WAITING] = { "waiting", "queue", "queue", "messages", 1 },
	[DELIVERED] = { "delivered", "deliv", "queue", "delivered", 0 },
	[DEFERRED] = { "deferred", "later", "queue", "deferred", 0 },
	[FAILED] = { "failed", "fail", "queue", "failed", 0 },
};

/* The counters of a process when it was last asked. */
struct seen {
	char		 process[16];
	int64_t		 inst;
	int64_t		 values[FIGURES];
};

static struct seen	 seen[PROC_PAIRS_MAX + 1];
static size_t		 nseen;
static int64_t		 line[FIGURES];

/* NULL: more of them than a server has. */
static struct seen *
seen_find(const struct seen *s)
{
	size_t	 i;

	for (i = 0; i < nseen; i++)
		if (seen[i].inst == s->inst &&
		    strcmp(seen[i].process, s->process) == 0)
			return (&seen[i]);
	if (nseen == sizeof(seen) / sizeof(seen[0]))
		return (NULL);
	seen[nseen] = *s;
	return (&seen[nseen++]);
}

/* A counter that is less than it was is that of a new process. */
static void
monitor_add(const struct seen *s)
{
	struct seen	*before;
	int64_t		 grown;
	size_t		 i;

	if ((before = seen_find(s)) == NULL)
		return;
	for (i = 0; i < FIGURES; i++) {
		grown = s->values[i] - before->values[i];
		line[i] += figures[i].now || grown < 0 ? s->values[i] : grown;
	}
	*before = *s;
}

static void
monitor_field(struct seen *s, const struct row_field *f)
{
	size_t	 i;

	if (!f->is_number) {
		if (strcmp(f->key, "process") == 0)
			(void)snprintf(s->process, sizeof(s->process), "%.*s",
			    (int)f->len, f->value);
		return;
	}
	if (strcmp(f->key, "instance") == 0)
		s->inst = f->number;
	for (i = 0; i < FIGURES; i++)
		if (strcmp(f->key, figures[i].key) == 0 &&
		    strcmp(s->process, figures[i].process) == 0)
			s->values[i] = f->number;
}

/* The figures of one process. */
static int
monitor_row(void *unused, struct rbuf *r)
{
	struct row_field	 f;
	struct seen		 s;
	int			 ret;

	memset(&s, 0, sizeof(s));
	while ((ret = row_next(r, &f)) == 1)
		monitor_field(&s, &f);
	/* the server counts all that are refused as one */
	s.values[RCPTS_REJECTED] -= s.values[RCPTS_DEFERRED];
	if (strcmp(s.process, "front") == 0 || strcmp(s.process, "queue") == 0)
		monitor_add(&s);
	return (ret);
}

static void
monitor_say(unsigned long lines)
{
	size_t	 i;

	if (smtpctl_options.json) {
		printf("{\"time\":%lld", (long long)time(NULL));
		for (i = 0; i < FIGURES; i++)
			printf(",\"%s\":%" PRId64, figures[i].name, line[i]);
		printf("}\n");
		return;
	}
	if (!smtpctl_options.quiet && (lines == 0 ||
	    (lines % MONITOR_HEADING == 0 && isatty(STDOUT_FILENO)))) {
		for (i = 0; i < FIGURES; i++)
			printf("%s%5s", i == 0 ? "" : " ",
			    figures[i].heading);
		putchar('\n');
	}
	for (i = 0; i < FIGURES; i++)
		printf("%s%5" PRId64, i == 0 ? "" : " ", line[i]);
	putchar('\n');
}

/* Sleep until then, whatever happens meanwhile. */
static void
monitor_sleep(uint64_t until)
{
	struct timespec	 ts;
	uint64_t	 now;

	while ((now = clock_mono()) < until) {
		ts.tv_sec = (time_t)((until - now) / 1000);
		ts.tv_nsec = (long)((until - now) % 1000) * 1000000;
		if (nanosleep(&ts, NULL) == -1 && errno != EINTR)
			return;
	}
}

static int
monitor_ask(void)
{
	static const char *const	 words[] = { "show", "stats" };
	int				 status;

	memset(line, 0, sizeof(line));
	status = smtpctl_ask(words, 2, monitor_row, NULL);
	/* somebody is being started again: what is there counts */
	return (status == EX_TEMPFAIL ? EX_OK : status);
}

/* -1: it is no such number. */
static long long
monitor_number(const char *word, long long max)
{
	const char	*error;
	long long	 n = strtonum(word, 1, max, &error);

	return (error == NULL ? n : -1);
}

int
smtpctl_monitor(const struct smtpctl_command *c, int argc, char **argv)
{
	long long	 seconds = 1, lines = -1, i;
	uint64_t	 due;
	int		 status;

	if ((argc > 1 && (seconds = monitor_number(argv[1],
	    MONITOR_SECONDS)) == -1) || (argc > 2 && (lines =
	    monitor_number(argv[2], MONITOR_LINES)) == -1))
		return (smtpctl_usage(c));
	due = clock_mono();
	status = monitor_ask();
	for (i = 0; status == EX_OK && i != lines; i++) {
		if (seconds > MONITOR_KEEP)
			ctl_close();
		due += (uint64_t)seconds * 1000;
		monitor_sleep(due);
		if ((status = monitor_ask()) != EX_OK)
			break;
		monitor_say((unsigned long)i);
		if (fflush(stdout) == EOF)
			break;
	}
	return (status);
}
