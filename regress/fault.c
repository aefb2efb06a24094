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
 * A library to be preloaded: system calls of one process fail now and then.
 *
 *	FAULT_PROC	"queue.0": the process, as it was started with -x
 *	FAULT_CALL	"fdatasync", "pwrite"...: the call
 *	FAULT_EVERY	every so manieth of its calls fails
 *	FAULT_ERRNO	with that number; 0: a write or send does half of it
 *
 *	FAULT_CLOCK	time() says so in all processes, and stands still
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char		 fault_call[32];
static unsigned long	 fault_every, fault_count;
static int		 fault_errno;
static time_t		 fault_clock;

/* Are we the process that is meant? */
static int
fault_is_here(const char *proc)
{
	char	 args[4096];
	ssize_t	 n;
	size_t	 len = strlen(proc) + 1;
	int	 fd;

	if ((fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC)) == -1)
		return (0);
	n = read(fd, args, sizeof(args));
	close(fd);
	return (n > 0 && memmem(args, (size_t)n, proc, len) != NULL);
}

static void __attribute__((constructor))
fault_init(void)
{
	const char	*proc = getenv("FAULT_PROC");
	const char	*call = getenv("FAULT_CALL");
	const char	*every = getenv("FAULT_EVERY");
	const char	*error = getenv("FAULT_ERRNO");
	const char	*now = getenv("FAULT_CLOCK");

	if (now != NULL)
		fault_clock = (time_t)strtoll(now, NULL, 10);
	if (proc == NULL || call == NULL || every == NULL || error == NULL ||
	    !fault_is_here(proc))
		return;
	/* the environment makes way for the title of the process */
	(void)strncpy(fault_call, call, sizeof(fault_call) - 1);
	fault_errno = (int)strtol(error, NULL, 10);
	fault_every = strtoul(every, NULL, 10);
}

time_t
time(time_t *now)
{
	struct timespec	 ts;

	if (fault_clock != 0)
		ts.tv_sec = fault_clock;
	else if (clock_gettime(CLOCK_REALTIME, &ts) == -1)
		return ((time_t)-1);
	if (now != NULL)
		*now = ts.tv_sec;
	return (ts.tv_sec);
}

/* Is it this one's turn?  Sets errno then. */
static int
fault(const char *call)
{
	if (fault_every == 0 || strcmp(call, fault_call) != 0 ||
	    __atomic_add_fetch(&fault_count, 1, __ATOMIC_RELAXED) %
	    fault_every != 0)
		return (0);
	errno = fault_errno;
	return (1);
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
	if (fault("pwrite")) {
		if (fault_errno != 0)
			return (-1);
		len = len > 1 ? len / 2 : len;
	}
	return (syscall(SYS_pwrite64, fd, data, len, offset));
}

int
fsync(int fd)
{
	return (fault("fsync") ? -1 : (int)syscall(SYS_fsync, fd));
}

int
fdatasync(int fd)
{
	return (fault("fdatasync") ? -1 : (int)syscall(SYS_fdatasync, fd));
}

int
ftruncate(int fd, off_t len)
{
	return (fault("ftruncate") ? -1 :
	    (int)syscall(SYS_ftruncate, fd, len));
}

int
posix_fallocate(int fd, off_t offset, off_t len)
{
	if (fault("fallocate"))
		return (fault_errno);
	return (syscall(SYS_fallocate, fd, 0, offset, len) == -1 ? errno : 0);
}

int
renameat(int from, const char *a, int to, const char *b)
{
	return (fault("renameat") ? -1 :
	    (int)syscall(SYS_renameat2, from, a, to, b, 0));
}

int
unlinkat(int at, const char *name, int flags)
{
	return (fault("unlinkat") ? -1 :
	    (int)syscall(SYS_unlinkat, at, name, flags));
}

int
linkat(int from, const char *a, int to, const char *b, int flags)
{
	return (fault("linkat") ? -1 :
	    (int)syscall(SYS_linkat, from, a, to, b, flags));
}

int
mkdirat(int at, const char *name, mode_t mode)
{
	return (fault("mkdirat") ? -1 :
	    (int)syscall(SYS_mkdirat, at, name, mode));
}

/* Spared are the log on standard error, and one octet that wakes a loop. */
ssize_t
write(int fd, const void *data, size_t len)
{
	if (fd > 2 && len > 1 && fault("write")) {
		if (fault_errno != 0)
			return (-1);
		len = len > 1 ? len / 2 : len;
	}
	return (syscall(SYS_write, fd, data, len));
}

ssize_t
pread(int fd, void *data, size_t len, off_t offset)
{
	if (fault("pread")) {
		if (fault_errno != 0)
			return (-1);
		len = len > 1 ? len / 2 : len;
	}
	return (syscall(SYS_pread64, fd, data, len, offset));
}

int
socket(int family, int type, int protocol)
{
	return (fault("socket") ? -1 :
	    (int)syscall(SYS_socket, family, type, protocol));
}

int
connect(int fd, const struct sockaddr *to, socklen_t len)
{
	return (fault("connect") ? -1 :
	    (int)syscall(SYS_connect, fd, to, len));
}

ssize_t
send(int fd, const void *data, size_t len, int flags)
{
	if (fault("send")) {
		if (fault_errno != 0)
			return (-1);
		len = len > 1 ? len / 2 : len;
	}
	return (syscall(SYS_sendto, fd, data, len, flags, NULL, 0));
}

ssize_t
recv(int fd, void *data, size_t len, int flags)
{
	if (fault("recv")) {
		if (fault_errno != 0)
			return (-1);
		len = len > 1 ? len / 2 : len;
	}
	return (syscall(SYS_recvfrom, fd, data, len, flags, NULL, NULL));
}
