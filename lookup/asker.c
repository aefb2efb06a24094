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
 * Answers that come later.
 */

#include "lookup/asker.h"
#include "lookup/remote.h"

void
asker_init(struct asker *a, const struct proc_msg *m)
{
	a->id = m->from;
	a->inst = m->inst;
	a->question = m->id;
}

void
asker_answer(const struct asker *a, uint32_t type, struct wbuf *body)
{
	/* it will be looked at again */
	if (remote_is_missing()) {
		wbuf_free(body);
		return;
	}
	/* the number fits nothing that a process in its place has asked */
	(void)proc_send(a->id, a->inst, type, a->question, -1, body);
}
