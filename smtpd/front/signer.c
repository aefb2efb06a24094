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
 * Questions to the keys process, one at a time, with a deadline.
 */

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/frame.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/front/signer.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_keys.h"

#define SIGNER_BODY_MAX	(2 * KEYS_DATA_MAX)

static struct frame_conn	 conn;
static int			 up;
static uint64_t			 last_id;
static uint64_t			 shunned;	/* until then, clock_mono */

void
signer_connect(int fd)
{
	if (up)
		frame_close(&conn);
	frame_open(&conn, fd);
	up = 1;
	shunned = 0;
}

static void
signer_lost(void)
{
	frame_close(&conn);
	up = 0;
	log_warnx("keys is gone: no TLS until it is back");
}

/* Wait for the socket until deadline; 0 when it is not ready by then. */
static int
signer_poll(short events, uint64_t deadline)
{
	struct pollfd	 pfd = { .fd = conn.fd, .events = events };
	uint64_t	 now;
	int		 n;

	do {
		now = clock_mono();
		n = poll(&pfd, 1, deadline > now ? (int)(deadline - now) : 0);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		fatal("poll");
	return (n);
}

/*
 * Take what came: 1 when the answer to the last question was among it.
 * Answers to earlier ones are late, and skipped.
 */
static int
signer_take(struct sign_answer *a)
{
	enum frame_status	 status;
	struct frame		 f;
	struct rbuf		 r;
	int			 found = 0;

	if ((status = frame_fill(&conn, SIGNER_BODY_MAX)) == FRAME_CLOSED) {
		signer_lost();
		return (0);
	}
	while (status != FRAME_BAD &&
	    (status = frame_next(&conn, &f, SIGNER_BODY_MAX)) == FRAME_OK) {
		rbuf_init(&r, f.body, f.len);
		if (f.type != MSG_KEYS_SIGN_ANSWER || f.fd != -1 ||
		    f.id > last_id || msg_get_sign_answer(&r, a) == -1)
			fatalx("bad message %u from keys", f.type);
		found = f.id == last_id;
	}
	if (status == FRAME_BAD)
		fatalx("bad frame from keys");
	return (found);
}

int
signer_up(void)
{
	struct sign_answer	 late;

	if (up && signer_poll(POLLIN, 0) > 0 && signer_take(&late))
		shunned = 0;
	return (up && clock_mono() >= shunned);
}

static void
signer_put(const struct sign_ask *ask)
{
	struct wbuf	 w;

	wbuf_init(&w);
	msg_put_sign_ask(&w, ask);
	if (w.bad)
		fatalx("sign_ask does not fit");
	frame_put(&conn, MSG_FRONT_SIGN_ASK, ++last_id, -1, w.data, w.len);
	wbuf_free(&w);
}

int
signer_ask(const struct sign_ask *ask, struct sign_answer *a)
{
	enum frame_status	 status;
	uint64_t		 deadline = clock_mono() + SIGNER_WAIT;

	if (!signer_up())
		return (-1);
	signer_put(ask);
	while ((status = frame_flush(&conn)) == FRAME_MORE)
		if (signer_poll(POLLOUT, deadline) == 0)
			goto slow;
	if (status != FRAME_OK) {
		signer_lost();
		return (-1);
	}
	do {
		if (signer_poll(POLLIN, deadline) == 0)
			goto slow;
		if (signer_take(a))
			return (a->len > 0 ? 0 : -1);
	} while (up);
	return (-1);

slow:
	log_warnx("keys does not answer: no TLS for %d ms", SIGNER_SHUN);
	shunned = clock_mono() + SIGNER_SHUN;
	return (-1);
}
