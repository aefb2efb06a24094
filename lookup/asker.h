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
 * Who asked, for answers that come later than the message lives.
 */

#ifndef ASKER_H
#define ASKER_H

#include <stdint.h>

#include "smtpd/base/proc.h"

struct asker {
	enum proc_id	 id;
	unsigned int	 inst;
	uint64_t	 question;	/* number of the ASK */
};

void	 asker_init(struct asker *, const struct proc_msg *);

/* Answer, taking over the body; one who is gone meanwhile hears nothing. */
void	 asker_answer(const struct asker *, uint32_t type, struct wbuf *);

#endif
