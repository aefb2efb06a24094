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
 * The state environment: stores, transactions, what is durable when, what a
 * full disk and a kill do.
 */

#include <sys/types.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <event.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup/bdb_env.h"
#include "regress/unit/check.h"
#include "smtpd/base/log.h"

static char		 dir[] = "/tmp/smtpd-env.XXXXXX";
static struct bdb_env	*env;
static struct bdb_store	*store;
static int		 synced;

static void
open_env(void)
{
	static pid_t	 loop;
	char		 why[256] = "";

	/* each process has a loop of its own, and one is enough */
	if (loop != getpid())
		event_init();
	loop = getpid();
	env = bdb_env_open(dir, why, sizeof(why));
	CHECK(env != NULL, "open: %s", why);
	store = bdb_env_store(env, "test", why, sizeof(why));
	CHECK(store != NULL, "store: %s", why);
}

static int
put(const char *key, const char *value)
{
	return (bdb_store_put(store, key, strlen(key), value,
	    strlen(value)));
}

static int
has(const char *key, const char *value)
{
	struct bdb_item	 item;
	enum answer	 ans = bdb_store_get(store, key, strlen(key), &item);

	if (value == NULL)
		return (ans == ANSWER_NONE);
	return (ans == ANSWER_FOUND && item.len == strlen(value) &&
	    memcmp(item.value, value, item.len) == 0);
}

static void
test_store(void)
{
	static const char	*order[] = { "a", "a1", "b", "c" };
	static char		 big[BDB_ENV_VALUE_MAX];
	struct bdb_item		 item;
	enum answer		 ans;
	size_t			 i;

	CHECK(put("c", "3") == 0 && put("a", "1") == 0 && put("b", "2") == 0 &&
	    put("a1", "") == 0, "put");
	CHECK(put("b", "two") == 0 && has("b", "two") && has("a1", "") &&
	    has("d", NULL) && has("", NULL), "get");
	ans = bdb_store_seek(store, "a", 1, &item);
	for (i = 0; i < 4 && ans == ANSWER_FOUND; i++) {
		CHECK(item.keylen == strlen(order[i]) && memcmp(item.key,
		    order[i], item.keylen) == 0, "order %zu", i);
		ans = bdb_store_after(store, item.key, item.keylen, &item);
	}
	CHECK(i == 4 && ans == ANSWER_NONE, "the end of %zu", i);
	CHECK(bdb_store_seek(store, "bb", 2, &item) == ANSWER_FOUND &&
	    *(const char *)item.key == 'c', "seek between");
	CHECK(bdb_store_delete(store, "b", 1) == 0 && has("b", NULL) &&
	    bdb_store_delete(store, "b", 1) == 0, "delete");
	memset(big, 'x', sizeof(big));
	CHECK(bdb_store_put(store, "big", 3, big, sizeof(big)) == 0 &&
	    bdb_store_get(store, "big", 3, &item) == ANSWER_FOUND &&
	    item.len == sizeof(big) && memcmp(item.value, big, item.len) == 0,
	    "the largest value");
	CHECK(bdb_store_put(store, big, BDB_ENV_KEY_MAX, "k", 1) == 0 &&
	    bdb_store_after(store, big, BDB_ENV_KEY_MAX, &item) ==
	    ANSWER_NONE, "the largest key");
}

static void
test_transactions(void)
{
	bdb_env_begin(env);
	CHECK(put("t1", "1") == 0 && put("t2", "2") == 0 && has("t1", "1"),
	    "within");
	CHECK(bdb_env_commit(env) == 0 && has("t1", "1") && has("t2", "2"),
	    "commit");
	bdb_env_begin(env);
	CHECK(put("t1", "x") == 0 && bdb_store_delete(store, "t2", 2) == 0,
	    "within");
	bdb_env_undo(env);
	CHECK(put("t3", "3") == -1, "a change behind undo");
	CHECK(bdb_env_commit(env) == -1 && has("t1", "1") && has("t2", "2") &&
	    has("t3", NULL), "undo");
}

static void
synced_one(void *arg)
{
	CHECK(arg == &synced, "argument");
	synced++;
}

static void
test_sync(void)
{
	char	 key[32];
	int	 i;

	for (i = 0; i < 500; i++) {
		(void)snprintf(key, sizeof(key), "s%d", i);
		CHECK(put(key, "x") == 0, "put %s", key);
		bdb_env_sync(env, synced_one, &synced);
	}
	CHECK(synced == 0, "called at once");
	while (synced < 500)
		(void)event_loop(EVLOOP_ONCE);
	bdb_env_sync(env, synced_one, &synced);
}

/* In a process of its own; it does not close what it opens. */
static void
killed(void)
{
	open_env();
	CHECK(has("s499", "x") && has("t1", "1"), "what was closed in order");
	CHECK(put("k1", "1") == 0, "put");
	bdb_env_begin(env);
	CHECK(put("k2", "never committed") == 0, "put");
	kill(getpid(), check_failed == 0 ? SIGKILL : SIGTERM);
}

/* Files may not grow: as a full disk. */
static void
full(void)
{
	struct rlimit	 rl, old;
	char		 value[512], key[32];
	int		 i, n = 0, failed = 0;

	open_env();
	CHECK(has("k1", "1") && has("k2", NULL), "after the kill");
	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)getrlimit(RLIMIT_FSIZE, &old);
	rl = old;
	rl.rlim_cur = 400000;
	CHECK(setrlimit(RLIMIT_FSIZE, &rl) == 0, "setrlimit");
	for (i = 0; i < 2000; i++) {
		(void)snprintf(key, sizeof(key), "f%d", i);
		if (put(key, value) == -1) {
			failed++;
			CHECK(has(key, NULL), "%s failed, and is there", key);
		} else
			n++;
		if (failed == 20)
			break;
	}
	CHECK(n > 100 && failed == 20, "%d went, %d failed", n, failed);
	CHECK(has("f0", value) && has("k1", "1"), "what was there before");
	CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0, "setrlimit");
	CHECK(put("after", "all") == 0 && has("after", "all"), "room again");
	bdb_env_sync(env, synced_one, &synced);
	for (synced = 0; synced == 0; )
		(void)event_loop(EVLOOP_ONCE);
	bdb_env_close(env);
	_exit(check_failed == 0 ? 0 : 1);
}

static int
life(void (*body)(void))
{
	int	 status = -1;
	pid_t	 pid;

	(void)fflush(stdout);
	if ((pid = fork()) == 0) {
		check_failed = 0;
		body();
		_exit(1);
	}
	CHECK(pid != -1 && waitpid(pid, &status, 0) == pid, "fork");
	return (status);
}

static void
test_refused(void)
{
	char	 path[128], why[256] = "";
	int	 fd;

	(void)snprintf(path, sizeof(path), "%s/DB_CONFIG", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	CHECK(fd != -1 && close(fd) == 0, "%s", path);
	CHECK(bdb_env_open(dir, why, sizeof(why)) == NULL &&
	    strstr(why, "DB_CONFIG") != NULL, "DB_CONFIG: %s", why);
	CHECK(unlink(path) == 0, "unlink");
	CHECK(bdb_env_open("/dev/null", why, sizeof(why)) == NULL &&
	    strstr(why, "/dev/null") != NULL, "no directory: %s", why);
}

static int
removed(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return (remove(path));
}

int
main(void)
{
	int	 status;

	log_init("lookup", 1, 0);
	if (mkdtemp(dir) == NULL)
		fatal("%s", dir);
	open_env();
	test_store();
	test_transactions();
	test_sync();
	bdb_env_close(env);
	CHECK(synced == 501, "the last one was not called: %d", synced);
	status = life(killed);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "killed: %d",
	    status);
	status = life(full);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "full: %d",
	    status);
	open_env();
	CHECK(has("after", "all") && has("f0", NULL) == 0, "after it all");
	bdb_env_close(env);
	test_refused();
	(void)nftw(dir, removed, 8, FTW_DEPTH | FTW_PHYS);
	return (check_done("lookup_env"));
}
