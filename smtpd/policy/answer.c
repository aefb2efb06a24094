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
 * The door of the stages.
 */

#include <stddef.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg.h"
#include "smtpd/policy/answer.h"
#include "smtpd/policy/explain.h"

/* A front that is gone has taken its sessions with it. */
static void
answer_send(unsigned int inst, uint32_t type, uint64_t number,
    struct wbuf *w)
{
	(void)proc_send(PROC_FRONT, inst, type, number, -1, w);
}

void
answer_helo(unsigned int inst, uint64_t number, const struct helo_answer *a)
{
	struct wbuf	 w;

	if (inst == ANSWER_EXPLAIN) {
		explain_helo(number, a);
		return;
	}
	wbuf_init(&w);
	msg_put_helo_answer(&w, a);
	answer_send(inst, MSG_POLICY_HELO_ANSWER, number, &w);
}

void
answer_mail(unsigned int inst, uint64_t number, const struct mail_answer *a)
{
	struct wbuf	 w;

	if (inst == ANSWER_EXPLAIN) {
		explain_mail(number, a);
		return;
	}
	wbuf_init(&w);
	msg_put_mail_answer(&w, a);
	answer_send(inst, MSG_POLICY_MAIL_ANSWER, number, &w);
}

void
answer_rcpt(unsigned int inst, uint64_t number, const struct rcpt_answer *a)
{
	struct wbuf	 w;

	if (inst == ANSWER_EXPLAIN) {
		explain_rcpt(number, a);
		return;
	}
	wbuf_init(&w);
	msg_put_rcpt_answer(&w, a);
	answer_send(inst, MSG_POLICY_RCPT_ANSWER, number, &w);
}
