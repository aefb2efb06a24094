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
 * Sandboxes: an allow-list of system calls for each process, and the
 * paths it may reach.  Nothing here is needed for a process to work.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/rlimit.h"
#include "smtpd/base/sandbox.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_OFF
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_OFF
#endif
#endif

#if defined(__linux__) && !defined(SANDBOX_OFF)

#include <linux/landlock.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <sched.h>
#include <seccomp.h>

/* What every event loop, allocator and thread of ours needs. */
static const int	 calls_all[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
	SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(recvfrom),
	SCMP_SYS(sendto), SCMP_SYS(close), SCMP_SYS(shutdown),
	SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_ctl),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(brk), SCMP_SYS(munmap),
	SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
	SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(getrandom), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall), SCMP_SYS(sched_yield), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(fcntl), SCMP_SYS(fstat),
	SCMP_SYS(lseek), SCMP_SYS(pipe2),
	SCMP_SYS(sysinfo), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sigaltstack), SCMP_SYS(getsockopt), SCMP_SYS(getuid),
	SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
};

/* Those that face clients, and smtpctl. */
static const int	 calls_net[] = {
	SCMP_SYS(accept4), SCMP_SYS(accept), SCMP_SYS(getpeername),
	SCMP_SYS(getsockname), SCMP_SYS(setsockopt), SCMP_SYS(fsync),
	SCMP_SYS(ftruncate), SCMP_SYS(pwrite64),
};

/* The one that goes out to servers, and reads the text that it sends. */
static const int	 calls_relay[] = {
	SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(getpeername),
	SCMP_SYS(getsockname), SCMP_SYS(setsockopt), SCMP_SYS(pread64),
	SCMP_SYS(sendmmsg),
};

/* Those that keep files; which ones, Landlock and the uid say. */
static const int	 calls_file[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2),
	SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat),
	SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(fstatfs),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64),
	SCMP_SYS(getcwd), SCMP_SYS(chdir), SCMP_SYS(fchdir),
	SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(preadv),
	SCMP_SYS(pwritev), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
	SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(flock),
	SCMP_SYS(sendfile), SCMP_SYS(copy_file_range),
	SCMP_SYS(sync_file_range), SCMP_SYS(fadvise64), SCMP_SYS(rename),
	SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(link),
	SCMP_SYS(linkat), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rmdir),
	SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat),
	SCMP_SYS(umask), SCMP_SYS(dup), SCMP_SYS(utimensat),
};

static int	 network;	/* sandbox_network was called */

static int
sandbox_connects(enum proc_id id)
{
	return (id == PROC_RELAY || network);
}

static void
sandbox_allow(scmp_filter_ctx ctx, const int *calls, size_t n)
{
	int	 ret;

	for (; n > 0; n--, calls++) {
		ret = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, *calls, 0);
		/* one that this machine does not have needs no rule */
		if (ret != 0 && ret != -EDOM)
			fatalx("seccomp: %s", strerror(-ret));
	}
}

/* Calls that are fine with some arguments only. */
static void
sandbox_arguments(scmp_filter_ctx ctx)
{
	int	 bad = 0;

	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
	    SCMP_A1(SCMP_CMP_EQ, FIONREAD, 0));
	/* threads, not processes; clone3 hides its flags: libc falls back */
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
	    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS),
	    SCMP_SYS(clone3), 0);
	/* abort(3), not the processes that have the same user */
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
	    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
	/* asking for limits, of this process, not setting them */
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
	    SCMP_A0(SCMP_CMP_EQ, 0, 0), SCMP_A2(SCMP_CMP_EQ, 0, 0));
	if (bad != 0)
		fatalx("seccomp: rules refused");
}

/*
 * Calls of libc that may not succeed but must not kill either: syslog(3)
 * tries to connect again, localtime(3) looks for its zone file.
 */
static void
sandbox_refuse(scmp_filter_ctx ctx, enum proc_id id, int files)
{
	uint32_t	 no = SCMP_ACT_ERRNO(EACCES);
	int		 bad = 0;

	if (!sandbox_connects(id)) {
		bad |= seccomp_rule_add(ctx, no, SCMP_SYS(socket), 0);
		bad |= seccomp_rule_add(ctx, no, SCMP_SYS(connect), 0);
	}
	if (files)
		return;
	bad |= seccomp_rule_add(ctx, no, SCMP_SYS(openat), 0);
	bad |= seccomp_rule_add(ctx, no, SCMP_SYS(readlinkat), 0);
	bad |= seccomp_rule_add(ctx, no, SCMP_SYS(faccessat2), 0);
	/* fstat(2) of newer libcs has no name, so no file but an open one */
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
	    SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	bad |= seccomp_rule_add(ctx, no, SCMP_SYS(newfstatat), 1,
	    SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0));
	if (bad != 0)
		fatalx("seccomp: rules refused");
}

/* Sockets of the families that mail goes over; no netlink, no packets. */
static void
sandbox_sockets(scmp_filter_ctx ctx)
{
	static const int	 families[] = { AF_INET, AF_INET6, AF_UNIX };
	size_t			 i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket),
		    1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i],
		    0)) != 0)
			fatalx("seccomp: rules refused");
	/* getaddrinfo(3) does without netlink */
	if (seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket),
	    1, SCMP_A0(SCMP_CMP_EQ, AF_NETLINK, 0)) != 0)
		fatalx("seccomp: rules refused");
}

static void
sandbox_calls(enum proc_id id)
{
	int		 files = id == PROC_LOOKUP || id == PROC_QUEUE ||
	    id == PROC_DELIVER || id == PROC_SQL;
	scmp_filter_ctx	 ctx;
	int		 ret;

	if ((ctx = seccomp_init(SCMP_ACT_KILL_PROCESS)) == NULL)
		fatalx("seccomp_init");
	sandbox_allow(ctx, calls_all, sizeof(calls_all) / sizeof(int));
	sandbox_arguments(ctx);
	if (id == PROC_FRONT || id == PROC_CONTROL)
		sandbox_allow(ctx, calls_net, sizeof(calls_net) /
		    sizeof(int));
	if (sandbox_connects(id)) {
		sandbox_allow(ctx, calls_relay, sizeof(calls_relay) /
		    sizeof(int));
		sandbox_sockets(ctx);
	}
	sandbox_refuse(ctx, id, files);
	if (files)
		sandbox_allow(ctx, calls_file, sizeof(calls_file) /
		    sizeof(int));
	ret = seccomp_load(ctx);
	seccomp_release(ctx);
	if (ret == -EINVAL || ret == -ENOSYS)
		log_warnx("seccomp: not offered by this kernel");
	else if (ret != 0)
		fatalx("seccomp: %s", strerror(-ret));
}

#define LANDLOCK_READ	(LANDLOCK_ACCESS_FS_READ_FILE |			\
			    LANDLOCK_ACCESS_FS_READ_DIR)
#define LANDLOCK_WRITE	(LANDLOCK_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | \
			    LANDLOCK_ACCESS_FS_REMOVE_DIR |		\
			    LANDLOCK_ACCESS_FS_REMOVE_FILE |		\
			    LANDLOCK_ACCESS_FS_MAKE_DIR |		\
			    LANDLOCK_ACCESS_FS_MAKE_REG)
#define LANDLOCK_ALL	((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

static void
sandbox_path(int ruleset, const struct sandbox_path *p, uint64_t extra)
{
	struct landlock_path_beneath_attr	 rule;
	struct stat				 st;

	memset(&rule, 0, sizeof(rule));
	rule.parent_fd = open(p->path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd == -1)
		fatal("sandbox: %s", p->path);
	rule.allowed_access = p->write ? LANDLOCK_WRITE | extra :
	    LANDLOCK_READ;
	if (fstat(rule.parent_fd, &st) == -1)
		fatal("sandbox: %s", p->path);
	/* the rest is of directories, and refused for a file */
	if (!S_ISDIR(st.st_mode))
		rule.allowed_access &= LANDLOCK_ACCESS_FS_READ_FILE |
		    LANDLOCK_ACCESS_FS_WRITE_FILE;
	if (syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == -1)
		fatal("sandbox: landlock rule for %s", p->path);
	close(rule.parent_fd);
}

static void
sandbox_files(const struct sandbox_path *paths, size_t n)
{
	struct landlock_ruleset_attr	 attr;
	uint64_t			 extra = 0;
	long				 abi;
	int				 ruleset;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1) {
		log_warnx("Landlock: not offered by this kernel");
		return;
	}
	/* links and renames between directories came with the second */
#ifdef LANDLOCK_ACCESS_FS_REFER
	if (abi >= 2)
		extra |= LANDLOCK_ACCESS_FS_REFER;
#endif
#ifdef LANDLOCK_ACCESS_FS_TRUNCATE
	if (abi >= 3)
		extra |= LANDLOCK_ACCESS_FS_TRUNCATE;
#endif
	memset(&attr, 0, sizeof(attr));
	attr.handled_access_fs = LANDLOCK_ALL | extra;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr,
	    sizeof(attr), 0);
	if (ruleset == -1)
		fatal("sandbox: landlock");
	for (; n > 0; n--, paths++)
		sandbox_path(ruleset, paths, extra);
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) == -1)
		fatal("sandbox: landlock");
	close(ruleset);
}

void
sandbox_network(void)
{
	network = 1;
}

void
sandbox_enter(enum proc_id id, const struct sandbox_path *paths, size_t n)
{
	rlimit_enter(id);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		fatal("no_new_privs");
	sandbox_files(paths, n);
	sandbox_calls(id);
}

#elif defined(__OpenBSD__)

static int	 network;

void
sandbox_network(void)
{
	network = 1;
}

void
sandbox_enter(enum proc_id id, const struct sandbox_path *paths, size_t n)
{
	size_t	 i;

	rlimit_enter(id);
	for (i = 0; i < n; i++)
		if (unveil(paths[i].path, paths[i].write ? "rwc" : "r") == -1)
			fatal("unveil %s", paths[i].path);
	switch (id) {
	case PROC_FRONT:
	case PROC_CONTROL:
		i = pledge("stdio inet unix recvfd sendfd", NULL);
		break;
	case PROC_SQL:
		i = network ? pledge("stdio rpath inet unix dns recvfd",
		    NULL) : pledge("stdio rpath wpath cpath fattr flock "
		    "recvfd", NULL);
		break;
	case PROC_RELAY:
		i = pledge("stdio inet unix dns recvfd", NULL);
		break;
	case PROC_POLICY:
		i = pledge("stdio recvfd", NULL);
		break;
	default:
		i = pledge("stdio rpath wpath cpath fattr flock recvfd sendfd",
		    NULL);
		break;
	}
	if (i != 0)
		fatal("pledge");
}

#else

void
sandbox_network(void)
{
}

void
sandbox_enter(enum proc_id id, const struct sandbox_path *paths, size_t n)
{
	log_debug("no sandbox: this build or system has none");
}

#endif
