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
 * Room-private: commands of smtpctl(8) on a live directory, and opening
 * tables anew.  What changes something is done one after another.
 */

#ifndef LOOKUP_DIRECTORY_H
#define LOOKUP_DIRECTORY_H

#include "smtpd/base/proc.h"

/* The takers of MSG_CONTROL_DIRECTORY_ASK and MSG_PARENT_TABLES_NOTE. */
int	 lookup_directory_take(struct proc_msg *);

/* Is it one that finds something, changes nothing, and may be put again? */
int	 lookup_directory_finds(const struct proc_msg *);
int	 lookup_tables_take(struct proc_msg *);

#endif
