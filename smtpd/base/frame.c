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
 * Frames on a stream socket.
 *
 * The reader takes what is there in one call, the writer sends all that
 * waits in one call; a frame with a descriptor begins a call of its own,
 * for that is what keeps descriptor and frame together.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/frame.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"

#define FRAME_READ	(64 * 1024)	/* asked of the socket at once */
#define FRAME_KEEP	(64 * 1024)	/* buffers larger are given back */
#define FRAME_HASFD	1		/* in flags */
#define FRAME_SECRET	2
#define FRAME_VERSION	1

struct frame_out {
	size_t	 at;			/* offset in out of its frame */
	int	 fd;
};

void
frame_open(struct frame_conn *c, int fd)
{
	memset(c, 0, sizeof(*c));
	c->fd = fd;
}

void
frame_close(struct frame_conn *c)
{
	size_t	 i;

	for (i = 0; i < c->nfds; i++)
		close(c->fds[i]);
	for (i = 0; i < c->npassed; i++)
		close(c->passed[i].fd);
	if (c->fd != -1)
		close(c->fd);
	freezero(c->in, c->in == NULL ? 0 : c->insize);
	freezero(c->out, c->out == NULL ? 0 : c->outsize);
	free(c->passed);
	memset(c, 0, sizeof(*c));
	c->fd = -1;
}

static void
head_u32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* A buffer of another size; what was in the old one is not left behind. */
static uint8_t *
frame_resize(uint8_t *buf, size_t old, size_t size)
{
	if ((buf = recallocarray(buf, old, size, 1)) == NULL)
		fatal("recallocarray");
	return (buf);
}

/* What has gone makes room: a peer that is never quite idle costs none. */
static void
frame_compact(struct frame_conn *c)
{
	size_t	 i;

	memmove(c->out, c->out + c->outpos, c->outlen - c->outpos);
	for (i = 0; i < c->npassed; i++)
		c->passed[i].at -= c->outpos;
	c->outlen -= c->outpos;
	if (c->secret)
		explicit_bzero(c->out + c->outlen, c->outpos);
	c->outpos = 0;
}

static uint8_t *
frame_room(struct frame_conn *c, size_t n)
{
	size_t	 size;

	if (c->outlen + n > c->outsize && c->outpos != 0 &&
	    c->outpos >= c->outsize / 2)
		frame_compact(c);
	if (c->outlen + n > c->outsize) {
		size = c->outsize == 0 ? 4096 : c->outsize;
		while (size < c->outlen + n)
			size *= 2;
		c->out = frame_resize(c->out, c->outsize, size);
		c->outsize = size;
	}
	c->outlen += n;
	return (c->out + c->outlen - n);
}

void
frame_put(struct frame_conn *c, uint32_t type, uint64_t id, int fd,
    const void *body, size_t len)
{
	uint8_t	*p;

	p = frame_room(c, FRAME_HEAD + len);
	if (fd != -1) {
		if (c->npassed == c->passedsize) {
			c->passedsize = c->passedsize * 2 + 8;
			c->passed = xreallocarray(c->passed, c->passedsize,
			    sizeof(*c->passed));
		}
		c->passed[c->npassed].at = (size_t)(p - c->out);
		c->passed[c->npassed++].fd = fd;
	}
	head_u32(p, type);
	head_u32(p + 4, (uint32_t)len);
	head_u32(p + 8, (uint32_t)(id >> 32));
	head_u32(p + 12, (uint32_t)id);
	head_u32(p + 16, fd != -1 ? FRAME_HASFD : 0);
	head_u32(p + 20, FRAME_VERSION);
	if (len != 0)
		memcpy(p + FRAME_HEAD, body, len);
}

void
frame_put_secret(struct frame_conn *c, uint32_t type, uint64_t id,
    const void *body, size_t len)
{
	frame_put(c, type, id, -1, body, len);
	head_u32(c->out + c->outlen - len - FRAME_HEAD + 16, FRAME_SECRET);
	c->secret = 1;
}

/* All has gone: an idle connection keeps no large buffer. */
static void
frame_rewind(struct frame_conn *c)
{
	if (c->secret)
		explicit_bzero(c->out, c->outlen);
	c->secret = 0;
	c->outpos = c->outlen = 0;
	if (c->outsize > FRAME_KEEP) {
		free(c->out);
		c->out = NULL;
		c->outsize = 0;
	}
}

/* Drop the descriptor that has just gone with its frame. */
static void
frame_passed(struct frame_conn *c)
{
	close(c->passed[0].fd);
	c->npassed--;
	memmove(c->passed, c->passed + 1, c->npassed * sizeof(*c->passed));
}

/* Send from outpos on, with fd if not -1. */
static ssize_t
frame_send(struct frame_conn *c, size_t len, int fd)
{
	struct msghdr	 msg;
	struct cmsghdr	*cmsg;
	struct iovec	 iov;
	union {
		struct cmsghdr	 hdr;
		char		 buf[CMSG_SPACE(sizeof(int))];
	} u;

	memset(&msg, 0, sizeof(msg));
	iov.iov_base = c->out + c->outpos;
	iov.iov_len = len;
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	if (fd != -1) {
		memset(&u, 0, sizeof(u));
		msg.msg_control = u.buf;
		msg.msg_controllen = sizeof(u.buf);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	}
	return (sendmsg(c->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT));
}

enum frame_status
frame_flush(struct frame_conn *c)
{
	ssize_t	 n;
	size_t	 len;
	int	 fd;

	while (c->outpos < c->outlen) {
		len = c->outlen - c->outpos;
		fd = -1;
		if (c->npassed != 0 && c->passed[0].at == c->outpos) {
			fd = c->passed[0].fd;
			if (c->npassed > 1)
				len = c->passed[1].at - c->outpos;
		} else if (c->npassed != 0)
			len = c->passed[0].at - c->outpos;
		n = frame_send(c, len, fd);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && (errno == EAGAIN || errno == ENOBUFS))
			return (FRAME_MORE);
		if (n == -1)
			return (FRAME_CLOSED);
		if (fd != -1)
			frame_passed(c);
		c->outpos += (size_t)n;
	}
	frame_rewind(c);
	return (FRAME_OK);
}

/* Move what is not parsed to the front and make room to read. */
static void
frame_inroom(struct frame_conn *c)
{
	size_t	 size;

	if (c->inpos != 0) {
		memmove(c->in, c->in + c->inpos, c->inlen - c->inpos);
		c->inlen -= c->inpos;
		/* the rest of a frame stood there, and may be a secret's */
		if (c->inlen != 0)
			explicit_bzero(c->in + c->inlen, c->inpos);
		c->inpos = 0;
	}
	if (c->insize - c->inlen >= FRAME_READ / 2)
		return;
	size = c->insize == 0 ? FRAME_READ : c->insize * 2;
	c->in = frame_resize(c->in, c->insize, size);
	c->insize = size;
}

/* Descriptors that came; -1 when there are more than we ever expect. */
static int
frame_fds(struct frame_conn *c, struct msghdr *msg)
{
	struct cmsghdr	*cmsg;
	size_t		 i, n;
	int		 fd, bad = 0;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg != NULL;
	    cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET ||
		    cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int),
			    sizeof(fd));
			if (c->nfds == FRAME_FDS_MAX) {
				close(fd);
				bad = 1;
			} else
				c->fds[c->nfds++] = fd;
		}
	}
	return (bad ? -1 : 0);
}

enum frame_status
frame_fill(struct frame_conn *c, size_t maxbody)
{
	struct msghdr	 msg;
	struct iovec	 iov;
	union {
		struct cmsghdr	 hdr;
		char		 buf[CMSG_SPACE(sizeof(int) * 4)];
	} u;
	ssize_t		 n;

	if (c->inlen - c->inpos > FRAME_HEAD + maxbody)
		return (FRAME_BAD);
	frame_inroom(c);
	memset(&msg, 0, sizeof(msg));
	iov.iov_base = c->in + c->inlen;
	iov.iov_len = c->insize - c->inlen;
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = u.buf;
	msg.msg_controllen = sizeof(u.buf);
	do
		n = recvmsg(c->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n == -1 && errno == EINTR);
	if (n == -1 && errno == EAGAIN)
		return (FRAME_MORE);
	if (n == -1 || n == 0)
		return (FRAME_CLOSED);
	c->inlen += (size_t)n;
	/* also when more came than fitted: those that fitted are ours */
	if (frame_fds(c, &msg) == -1 || (msg.msg_flags & MSG_CTRUNC))
		return (FRAME_BAD);
	return (FRAME_OK);
}

enum frame_status
frame_next(struct frame_conn *c, struct frame *f, size_t maxbody)
{
	struct rbuf	 r;
	uint32_t	 flags, version;
	size_t		 have = c->inlen - c->inpos;

	if (have < FRAME_HEAD)
		return (FRAME_MORE);
	rbuf_init(&r, c->in + c->inpos, have);
	f->type = rbuf_u32(&r);
	f->len = rbuf_u32(&r);
	f->id = rbuf_u64(&r);
	flags = rbuf_u32(&r);
	version = rbuf_u32(&r);
	if (f->len > maxbody || version != FRAME_VERSION ||
	    (flags & ~(uint32_t)(FRAME_HASFD | FRAME_SECRET)) != 0)
		return (FRAME_BAD);
	if (have - FRAME_HEAD < f->len)
		return (FRAME_MORE);
	f->fd = -1;
	if (flags & FRAME_HASFD) {
		if (c->nfds == 0)
			return (FRAME_BAD);
		f->fd = c->fds[0];
		c->nfds--;
		memmove(c->fds, c->fds + 1, c->nfds * sizeof(c->fds[0]));
	}
	f->secret = (flags & FRAME_SECRET) != 0;
	f->body = r.p;
	c->inpos += FRAME_HEAD + f->len;
	return (FRAME_OK);
}

void
frame_wipe(struct frame_conn *c, const struct frame *f)
{
	explicit_bzero(c->in + (f->body - c->in), f->len);
}
