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
 * Each process's sandbox, asked to do what it must not, one deed a child.
 * And what it must still do.
 */

#if defined(__SANITIZE_ADDRESS__) || !defined(__linux__)
#define SKIP
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SKIP
#endif
#endif

#include <stdio.h>

#ifdef SKIP

int
main(void)
{
	printf("skip base_sandbox: this build or system has no sandbox\n");
	return (77);
}

#else

#include <sys/types.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "regress/unit/check.h"
#include "smtpd/base/log.h"
#include "smtpd/base/sandbox.h"

#define DENIED	0
#define ALLOWED	1

static char	 dir[] = "/tmp/smtpd-sandbox.XXXXXX";
static char	 file[64];

static int
try_open(void)
{
	return (open("/etc/passwd", O_RDONLY) != -1);
}

static int
try_write(void)
{
	return (open("/tmp/smtpd-sandbox-outside", O_WRONLY | O_CREAT,
	    0600) != -1);
}

static int
try_exec(void)
{
	char	 path[] = "/bin/true", *argv[] = { path, NULL };

	execv(path, argv);
	return (0);
}

static int
try_fork(void)
{
	return (fork() != -1);
}

static int
try_trace(void)
{
	return (ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) != -1);
}

static int
try_signal(void)
{
	return (kill(getppid(), 0) != -1);
}

static int
try_thread_signal(void)
{
	return (syscall(SYS_tgkill, getppid(), getppid(), 0) != -1);
}

static int
try_mount(void)
{
	return (mount("none", "/tmp", "tmpfs", 0, NULL) != -1);
}

static int
try_escape(void)
{
	return (chroot("/tmp") != -1);
}

static int
try_limits(void)
{
	struct rlimit	 rl = { 1, 1 };

	return (setrlimit(RLIMIT_NOFILE, &rl) != -1);
}

/* Memory that can be written and executed. */
static int
try_code(void)
{
	return (mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

/* Another process's memory, by its name. */
static int
try_memory(void)
{
	char	 path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)getppid());
	return (open(path, O_RDONLY) != -1);
}

static int
try_netlink(void)
{
	return (socket(AF_NETLINK, SOCK_RAW, 0) != -1);
}

static int
try_unix(void)
{
	return (socket(AF_UNIX, SOCK_STREAM, 0) != -1);
}

static int
try_socket(void)
{
	return (socket(AF_INET, SOCK_STREAM, 0) != -1);
}

static int
try_inside(void)
{
	int	 fd;

	if ((fd = open(file, O_WRONLY | O_CREAT, 0600)) == -1)
		return (0);
	return (write(fd, "x", 1) == 1 && close(fd) == 0);
}

static int
try_work(void)
{
	void	*p;
	int	 fds[2];

	if (pipe2(fds, O_CLOEXEC) == -1 || write(fds[1], "x", 1) != 1)
		return (0);
	if ((p = malloc(1 << 20)) == NULL)
		return (0);
	memset(p, 1, 1 << 20);
	free(p);
	log_debug("a line");
	return (1);
}

/* In a child: 1 when it could, 0 when refused or killed for trying. */
static int
attempt(enum proc_id id, int (*what)(void))
{
	struct sandbox_path	 path = { dir, 1 };
	pid_t			 pid;
	int			 status;

	if ((pid = fork()) == -1)
		exit(1);
	if (pid == 0) {
		sandbox_enter(id, &path, id == PROC_QUEUE ||
		    id == PROC_LOOKUP || id == PROC_DELIVER);
		_exit(what() ? 42 : 43);
	}
	if (waitpid(pid, &status, 0) == -1)
		exit(1);
	if (WIFSIGNALED(status))
		return (WTERMSIG(status) == SIGSYS ? DENIED : -1);
	if (WEXITSTATUS(status) == 0)
		return (ALLOWED);	/* the program that was executed */
	return (WEXITSTATUS(status) == 42 ? ALLOWED : DENIED);
}

static const struct {
	int		(*what)(void);
	const char	 *does;
} forbidden[] = {
	{ try_open,	"opens a file" },
	{ try_write,	"makes a file" },
	{ try_memory,	"opens a process's memory" },
	{ try_exec,	"executes" },
	{ try_fork,	"forks" },
	{ try_trace,	"traces" },
	{ try_signal,	"signals" },
	{ try_thread_signal, "signals a thread of another" },
	{ try_mount,	"mounts" },
	{ try_escape,	"changes its root" },
	{ try_limits,	"changes its limits" },
	{ try_code,	"makes code" },
	{ try_netlink,	"asks about the network" },
};

static void
test_process(enum proc_id id, int files, int sockets)
{
	const char	*n = proc_name(id);
	size_t		 i;

	CHECK(attempt(id, try_work) == ALLOWED, "%s cannot work", n);
	for (i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		CHECK(attempt(id, forbidden[i].what) == DENIED, "%s %s", n,
		    forbidden[i].does);
	CHECK(attempt(id, try_socket) == sockets, "%s and sockets", n);
	CHECK(attempt(id, try_unix) == sockets, "%s and local sockets", n);
	CHECK(attempt(id, try_inside) == files, "%s and its own folder", n);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return (1);
	(void)snprintf(file, sizeof(file), "%s/x", dir);
	test_process(PROC_FRONT, DENIED, DENIED);
	test_process(PROC_POLICY, DENIED, DENIED);
	test_process(PROC_CONTROL, DENIED, DENIED);
	test_process(PROC_LOOKUP, ALLOWED, DENIED);
	test_process(PROC_QUEUE, ALLOWED, DENIED);
	test_process(PROC_DELIVER, ALLOWED, DENIED);
	test_process(PROC_KEYS, DENIED, DENIED);
	test_process(PROC_HASH, DENIED, DENIED);
	test_process(PROC_RELAY, DENIED, ALLOWED);
	(void)unlink(file);
	(void)rmdir(dir);
	return (check_done("base_sandbox"));
}

#endif
