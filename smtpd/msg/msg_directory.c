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
 * Encoding of the directory commands.
 */

#include <stdlib.h>

#include "smtpd/base/wire.h"
#include "smtpd/msg/msg_directory.h"

void
msg_put_directory_ask(struct wbuf *w, const struct directory_ask *m)
{
	wbuf_u8(w, (uint8_t)m->what);
	wbuf_str(w, m->directory);
	wbuf_str(w, m->arg);
}

int
msg_get_directory_ask(struct rbuf *r, struct directory_ask *m)
{
	m->what = (enum directory_what)rbuf_u8(r, DIRECTORY_WHAT_COUNT - 1);
	rbuf_str(r, m->directory, sizeof(m->directory));
	m->arg = rbuf_strdup(r, DIRECTORY_LINE_MAX);
	if (rbuf_done(r))
		return (0);
	free(m->arg);
	m->arg = NULL;
	return (-1);
}

void
msg_put_directory_answer(struct wbuf *w, const struct directory_answer *m)
{
	wbuf_u8(w, (uint8_t)m->status);
	wbuf_str(w, m->text);
	wbuf_str(w, m->next);
}

int
msg_get_directory_answer(struct rbuf *r, struct directory_answer *m)
{
	m->status = rbuf_u8(r, 127);
	rbuf_str(r, m->text, sizeof(m->text));
	rbuf_str(r, m->next, sizeof(m->next));
	return (r->bad ? -1 : 0);
}
