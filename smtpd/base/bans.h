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
 * The client networks that are banned for now, as far as this process has
 * been told (msg_harvest.h): nothing is asked while none is.
 */

#ifndef BANS_H
#define BANS_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/base/network.h"

#define BANS_MAX	65536	/* more than that: the first to end goes */

/* Banned from now on for so many ms; 0: not any more. */
void	 bans_set(const struct network *, uint64_t left);
void	 bans_clear(void);

int	 bans_has(const struct ip *);

/* Those that have not ended. */
size_t	 bans_count(void);
void	 bans_each(void (*)(const struct network *, uint64_t left));

#endif
