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
 * Frames from strangers and for slow readers: descriptors that nobody asked
 * for, a socket that is never empty, garbage of every kind.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "regress/unit/check.h"
#include "smtpd/base/frame.h"
#include "smtpd/base/log.h"
#include "smtpd/base/proc.h"

#define BODY_MAX	1024

static void
pair(int sv[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv) == -1)
		exit(1);
}

static unsigned int
open_files(void)
{
	DIR		*dir;
	unsigned int	 n = 0;

	if ((dir = opendir("/proc/self/fd")) == NULL)
		exit(1);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return (n);
}

/* n descriptors with a few octets, as no frame has them. */
static void
send_fds(int fd, size_t n)
{
	struct msghdr	 msg;
	struct cmsghdr	*cmsg;
	struct iovec	 iov = { .iov_base = (char[]){ "octets" },
	    .iov_len = 6 };
	union {
		struct cmsghdr	 hdr;
		char		 buf[CMSG_SPACE(sizeof(int) * 32)];
	} u;
	size_t		 i;
	int		 zero = 0;

	memset(&u, 0, sizeof(u));
	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = u.buf;
	msg.msg_controllen = CMSG_SPACE(sizeof(int) * n);
	cmsg = CMSG_FIRSTHDR(&msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int) * n);
	for (i = 0; i < n; i++)
		memcpy(CMSG_DATA(cmsg) + i * sizeof(int), &zero,
		    sizeof(zero));
	if (sendmsg(fd, &msg, 0) == -1)
		exit(1);
}

/* However many come, none is left when the connection is closed. */
static void
test_descriptors(void)
{
	struct frame_conn	 c;
	unsigned int		 before = open_files(), n;
	int			 i, sv[2];

	for (n = 1; n <= 32; n++) {
		pair(sv);
		frame_open(&c, sv[0]);
		for (i = 0; i < 3; i++) {
			send_fds(sv[1], n);
			if (frame_fill(&c, BODY_MAX) == FRAME_BAD)
				break;
		}
		frame_close(&c);
		close(sv[1]);
		CHECK(open_files() == before, "%u descriptors: %u left", n,
		    open_files() - before);
	}
}

/* Read about n octets, as frames; returns how many frames there were. */
static unsigned int
drain(struct frame_conn *c, uint64_t *last)
{
	struct frame	 f;
	unsigned int	 n = 0;

	if (frame_fill(c, BODY_MAX) != FRAME_OK)
		return (0);
	while (frame_next(c, &f, BODY_MAX) == FRAME_OK) {
		CHECK(f.id == *last + 1, "frame %llu after %llu",
		    (unsigned long long)f.id, (unsigned long long)*last);
		*last = f.id;
		if (f.id % 100 == 0) {
			CHECK(f.fd != -1, "no descriptor with %llu",
			    (unsigned long long)f.id);
			close(f.fd);
		} else
			CHECK(f.fd == -1, "a stray descriptor");
		n++;
	}
	return (n);
}

/* A reader that is always behind costs what it is behind, not the past. */
static void
test_backlog(void)
{
	static const uint8_t	 body[500];
	struct frame_conn	 in, out;
	uint64_t		 id = 0, last = 0;
	unsigned int		 behind = 0;
	int			 sv[2];

	pair(sv);
	frame_open(&out, sv[0]);
	frame_open(&in, sv[1]);
	while (id < 200000) {
		while (behind < 2000) {
			id++;
			frame_put(&out, 1, id, id % 100 == 0 ? dup(0) : -1,
			    body, id % sizeof(body));
			behind++;
		}
		(void)frame_flush(&out);
		behind -= drain(&in, &last);
	}
	CHECK(out.outsize <= 4 * 1024 * 1024, "the buffer grew to %zu",
	    out.outsize);
	while (last < id) {
		(void)frame_flush(&out);
		if (drain(&in, &last) == 0 && out.outlen == 0)
			break;
	}
	CHECK(last == id, "%llu of %llu came", (unsigned long long)last,
	    (unsigned long long)id);
	CHECK(out.outlen == 0 && out.outsize <= 64 * 1024,
	    "idle and keeps %zu", out.outsize);
	frame_close(&in);
	frame_close(&out);
}

static int
take_any(struct proc_msg *m)
{
	rbuf_skip(&m->body);
	return (0);
}

static const struct proc_route	 routes[] = {
	{ 7, PROC_QUEUE, PROC_FD_NONE, take_any },
};

/* The process that a hostile sibling talks to: how does it end? */
static int
victim(const uint8_t *octets, size_t len)
{
	pid_t	 pid;
	int	 status, sv[2];

	pair(sv);
	if ((pid = fork()) == -1)
		exit(1);
	if (pid == 0) {
		close(sv[1]);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(9);
		proc_init(PROC_FRONT, 0, -1, routes, 1);
		proc_peer(PROC_QUEUE, 0, sv[0]);
		proc_run();
		_exit(0);
	}
	close(sv[0]);
	if (write(sv[1], octets, len) != (ssize_t)len)
		exit(1);
	if (waitpid(pid, &status, 0) == -1)
		exit(1);
	close(sv[1]);
	return (WIFEXITED(status) ? WEXITSTATUS(status) :
	    1000 + WTERMSIG(status));
}

/*
 * A sibling that has been taken over sends anything: this process ends in
 * good order, for the parent to start it anew, and never otherwise.
 */
static void
test_hostile(void)
{
	static uint8_t	 octets[4096];
	static const uint8_t	 good[24] = { 0, 0, 0, 7, 0, 0, 0, 0,
	    0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1 };
	size_t		 i;
	int		 ret;

	srandom(1);
	for (i = 0; i < sizeof(good); i++) {
		/* the id may be anything, and so may a length in bounds */
		if (i >= 6 && i < 16)
			continue;
		memset(octets, 0, sizeof(octets));
		memcpy(octets, good, sizeof(good));
		memcpy(octets + 24, good, sizeof(good));
		octets[24 + i] ^= 0x55;
		ret = victim(octets, 48);
		CHECK(ret == 1, "octet %zu spoiled: ended with %d", i, ret);
	}
	for (i = 0; i < 50; i++) {
		for (ret = 0; ret < (int)sizeof(octets); ret++)
			octets[ret] = (uint8_t)random();
		octets[0] |= 0x80;
		ret = victim(octets, sizeof(octets));
		CHECK(ret == 1, "noise %zu: ended with %d", i, ret);
	}
}

static int
holds(const uint8_t *buf, size_t size, const char *what)
{
	return (buf != NULL && memmem(buf, size, what, strlen(what)) != NULL);
}

/* Large, so that buffers grow and move with it half read. */
static void
test_secret(void)
{
	static const char	 secret[] = "correct horse battery staple";
	static char		 body[40000];
	struct frame_conn	 from, to;
	struct frame		 f;
	int			 sv[2], i, n = 0;

	pair(sv);
	frame_open(&from, sv[0]);
	frame_open(&to, sv[1]);
	for (i = 0; (size_t)i + sizeof(secret) < sizeof(body); i += 50)
		memcpy(body + i, secret, sizeof(secret));
	for (i = 0; i < 8; i++) {
		frame_put_secret(&from, 1, (uint64_t)i, body, sizeof(body));
		frame_put(&from, 2, (uint64_t)i, -1, "small", 5);
	}
	while (n < 16) {
		(void)frame_flush(&from);
		CHECK(frame_fill(&to, sizeof(body)) == FRAME_OK, "fill");
		for (; frame_next(&to, &f, sizeof(body)) == FRAME_OK; n++) {
			CHECK(f.secret == (f.type == 1), "flag of %d", n);
			CHECK(!f.secret || (f.len == sizeof(body) &&
			    memcmp(f.body, body, f.len) == 0), "body %d", n);
			if (f.secret)
				frame_wipe(&to, &f);
		}
	}
	CHECK(from.outsize == 0 || !holds(from.out, from.outsize, secret),
	    "the sender keeps a secret");
	CHECK(!holds(to.in, to.insize, secret), "the reader keeps a secret");
	frame_put_secret(&from, 1, 1, secret, sizeof(secret));
	CHECK(holds(from.out, from.outsize, secret), "it is on its way");
	(void)frame_flush(&from);
	CHECK(!holds(from.out, from.outsize, secret), "and it has gone");
	frame_close(&from);
	frame_close(&to);
}

int
main(void)
{
	log_init("base_frame", 1, 0);
	test_descriptors();
	test_backlog();
	test_hostile();
	test_secret();
	return (check_done("base_frame"));
}
