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
 * Lookup is killed in the middle of live changes and of counting: what was
 * acknowledged is there.  A damaged table is "cannot say" and no other, and
 * one that hangs the process is not opened again.
 */

#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>
#include <sysexits.h>

#include "lookup/work.h"
#include "regress/unit/lookup_command.h"

#define ADDS	1000

static int		 crash_pipe[2];
static unsigned int	 crash_acked;

/* Add accounts from where the last life stopped; tell of each. */
static void
adds(void)
{
	char		 record[128];
	unsigned int	 i;

	play_begin(0);
	for (i = crash_acked; i < ADDS; i++) {
		(void)snprintf(record, sizeof(record), "account u%u "
		    "addresses=u%u@example.org uses=1", i, i);
		if (play_add(record) != EX_OK ||
		    write(crash_pipe[1], &i, sizeof(i)) != sizeof(i))
			break;
	}
	_exit(0);
}

static void
acked(void)
{
	struct resolve_ask	 ask;
	unsigned int		 i;

	play_begin(0);
	for (i = 0; i < crash_acked; i++) {
		play_question(&ask, "x@example.org");
		(void)snprintf(ask.rcpt.local, sizeof(ask.rcpt.local), "u%u",
		    i);
		CHECK(play_resolve_ask(&ask) == RESOLVE_FOUND, "u%u is gone "
		    "of %u", i, crash_acked);
	}
}

/* Let it run until it has told of n more, then kill it. */
static void
kill_after(unsigned int n)
{
	unsigned int	 i;
	pid_t		 pid;

	if (pipe(crash_pipe) == -1 || (pid = fork()) == -1)
		fatal("fork");
	if (pid == 0) {
		close(crash_pipe[0]);
		play_run(adds);
		_exit(0);
	}
	close(crash_pipe[1]);
	while (n > 0 && read(crash_pipe[0], &i, sizeof(i)) == sizeof(i)) {
		crash_acked = i + 1;
		n--;
	}
	CHECK(kill(pid, SIGKILL) == 0, "kill");
	while (read(crash_pipe[0], &i, sizeof(i)) == sizeof(i))
		crash_acked = i + 1;
	CHECK(waitpid(pid, NULL, 0) == pid, "wait");
	close(crash_pipe[0]);
}

/* u0 may be used once: by one message, however often it is asked for. */
static void
uses(void)
{
	play_begin(0);
	CHECK(play_expand("u0@example.org", "", 7) == RESOLVE_FOUND &&
	    play_expand("u0@example.org", "", 7) == RESOLVE_FOUND, "uses");
	CHECK(play_resolve("u0@example.org") == RESOLVE_DISABLED, "used up");
	/* accepted before, and not asked again at delivery */
	CHECK(play_expand("u0@example.org", "", 8) == RESOLVE_FOUND, "later");
	CHECK(play_expand("u1@example.org", "", 0) == RESOLVE_FOUND &&
	    play_resolve("u1@example.org") == RESOLVE_FOUND, "not counted");
	kill(getpid(), SIGKILL);
}

static void
used(void)
{
	play_begin(0);
	CHECK(play_resolve("u0@example.org") == RESOLVE_DISABLED, "a use was "
	    "forgotten");
	CHECK(play_resolve("u1@example.org") == RESOLVE_FOUND, "u1");
	/* who takes the name begins anew */
	CHECK(play_delete("account u0") == EX_OK &&
	    play_add("account u0 addresses=u0@example.org uses=1") == EX_OK &&
	    play_resolve("u0@example.org") == RESOLVE_FOUND, "a new u0");
}

/* So does one whose name an import took away in between. */
static void
swept(void)
{
	play_begin(0);
	CHECK(play_expand("u2@example.org", "", 9) == RESOLVE_FOUND &&
	    play_expand("base@example.org", "", 9) == RESOLVE_FOUND &&
	    play_resolve("u2@example.org") == RESOLVE_DISABLED, "used");
	CHECK(play_command(DIRECTORY_REOPEN, "1000000") == EX_OK &&
	    play_resolve("u2@example.org") == RESOLVE_NONE, "reopen");
	while (work_count() != 0)
		play_turn();
	CHECK(play_add("account u2 addresses=u2@example.org uses=1") ==
	    EX_OK && play_resolve("u2@example.org") == RESOLVE_FOUND,
	    "a new u2");
	CHECK(play_resolve("base@example.org") == RESOLVE_DISABLED,
	    "base was forgotten");
}

static void
crash(void)
{
	pid_t	 pid;
	int	 i;

	for (i = 0; i < 8 && crash_acked < ADDS; i++) {
		kill_after(1 + (unsigned int)(i * 53) % 150);
		play_life(acked);
	}
	CHECK(crash_acked > 100, "only %u were added", crash_acked);
	if ((pid = fork()) == 0) {
		play_run(uses);
		_exit(1);
	}
	CHECK(waitpid(pid, &i, 0) == pid && WIFSIGNALED(i), "uses ended");
	play_life(used);
	play_life(swept);
}

/* A table of some size, so that it has more than a root. */
static void
big_table(const char *path)
{
	struct overlay	*o = overlay_new();
	char		 record[128];
	int		 i, len;

	play_gather(o, "domain example.org", 18);
	for (i = 0; i < 3000; i++) {
		len = snprintf(record, sizeof(record), "account b%d "
		    "addresses=b%d@example.org", i, i);
		play_gather(o, record, (size_t)len);
	}
	play_write(o, path);
}

/* Overwrite from there on; 0 octets are zeros. */
static void
damage(const char *path, off_t at, size_t len, int with)
{
	char	 buf[8192];
	int	 fd;

	memset(buf, with, sizeof(buf));
	if ((fd = open(path, O_WRONLY)) == -1 ||
	    pwrite(fd, buf, len, at) != (ssize_t)len)
		fatal("%s", path);
	close(fd);
}

/* Whatever is there, nobody is unknown.  Returns how many are found. */
static int
ask_all(void)
{
	char	 rcpt[64];
	int	 i, found = 0;

	for (i = 0; i < 3000; i++) {
		(void)snprintf(rcpt, sizeof(rcpt), "b%d@example.org", i);
		switch (play_resolve(rcpt)) {
		case RESOLVE_FOUND:
			found++;
			break;
		case RESOLVE_TEMPFAIL:
			break;
		default:
			CHECK(0, "%s: %d", rcpt, (int)play_found.status);
		}
	}
	return (found);
}

static void
damaged(void)
{
	int	 found;

	play_begin(0);
	play_in = "big";
	found = ask_all();
	CHECK(found < 3000, "damage was not seen");
	CHECK(play_expand("b1@example.org", "b1@example.org", 0) ==
	    RESOLVE_TEMPFAIL, "expand");
	CHECK(play_name("b1", 0, 5) == RESOLVE_TEMPFAIL, "names");
	CHECK(play_add("alias x@example.org y@z.test") == EX_TEMPFAIL, "add");
	play_in = "accounts";
	CHECK(play_resolve("base@example.org") == RESOLVE_DISABLED,
	    "another");
	/* a good one in its place */
	big_table(play_conf.directories[1].path);
	CHECK(play_reload()[0] == '\0', "reload: %s", play_tables);
	play_in = "big";
	CHECK(ask_all() == 3000, "the good one");
}

/* Ask until killed; tells when it is done. */
static void
spins(void)
{
	play_begin(0);
	play_in = "big";
	(void)ask_all();
	_exit(0);
}

static void
banned(void)
{
	play_begin(1);
	play_in = "big";
	CHECK(play_resolve("b1@example.org") == RESOLVE_TEMPFAIL,
	    "opened again");
	CHECK(strstr(play_reload(), "did not end") != NULL, "reload: %s",
	    play_tables);
	play_in = "accounts";
	CHECK(play_resolve("base@example.org") == RESOLVE_DISABLED,
	    "another");
}

/* The one after that is not told: it remembers. */
static void
still_banned(void)
{
	play_begin(0);
	play_in = "big";
	CHECK(play_resolve("b1@example.org") == RESOLVE_TEMPFAIL,
	    "opened again");
	big_table(play_conf.directories[1].path);
	CHECK(play_reload()[0] == '\0' && ask_all() == 3000, "a new table");
}

/*
 * A process that was killed while it read a good table, as when a disk was
 * away: the first time it is opened again.
 */
static void
stalled(void)
{
	unsigned int	 number = 2;
	char		 path[CONF_PATH_MAX + 16];
	int		 fd;

	(void)snprintf(path, sizeof(path), "%s/reading", play_conf.state);
	fd = open(path, O_WRONLY);
	CHECK(fd != -1 && write(fd, &number, sizeof(number)) ==
	    sizeof(number) && close(fd) == 0, "%s", path);
	play_begin(1);
	play_in = "big";
}

static void
stalled_once(void)
{
	stalled();
	CHECK(ask_all() == 3000, "a good table was not opened again");
}

static void
stalled_twice(void)
{
	stalled();
	CHECK(play_resolve("b1@example.org") == RESOLVE_TEMPFAIL,
	    "opened a third time");
}

/* As the parent does: 1 when the child had to be killed. */
static int
watch(void)
{
	struct timespec	 tick = { .tv_nsec = 20000000 };
	pid_t		 pid;
	int		 i, status;

	if ((pid = fork()) == 0) {
		play_run(spins);
		_exit(0);
	}
	for (i = 0; i < 100; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			CHECK(WIFEXITED(status), "died of it: %d", status);
			return (0);
		}
		(void)nanosleep(&tick, NULL);
	}
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid,
	    "kill");
	return (1);
}

static void
damages(const char *path)
{
	struct stat	 st;
	off_t		 at;
	int		 hung = 0;

	big_table(path);
	if (stat(path, &st) == -1)
		fatal("%s", path);
	damage(path, st.st_size / 8 / 4096 * 4096 + 100, 20, 0xff);
	play_life(damaged);
	CHECK(truncate(path, st.st_size / 8 / 4096 * 4096) == 0, "truncate");
	play_life(damaged);
	big_table(path);
	play_life(stalled_once);
	play_life(stalled_twice);
	/* pages of zeros: until one makes it spin */
	for (at = 4096; at < st.st_size && !hung; at += st.st_size / 16 /
	    4096 * 4096) {
		big_table(path);
		damage(path, at, 4096, 0);
		hung = watch();
	}
	if (!hung) {
		printf("no page of zeros made it spin\n");
		return;
	}
	play_life(banned);
	play_life(still_banned);
}

int
main(void)
{
	const char	*path;

	play_open();
	(void)play_directory_add("accounts", "domain example.org\n"
	    "account base addresses=base@example.org uses=1\n");
	crash();
	path = play_directory_add("big", NULL);
	damages(path);
	play_close();
	return (check_done("lookup_crash"));
}
