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
 * What a process may still ask of the kernel once it has started.
 * Linux: limits, no_new_privs, Landlock for files, a seccomp allow-list.
 * OpenBSD: limits, pledge and unveil.
 */

#ifndef SANDBOX_H
#define SANDBOX_H

#include "smtpd/base/proc.h"

/* A directory tree or file that stays reachable. */
struct sandbox_path {
	const char	*path;
	int		 write;		/* else reading only */
};

/*
 * Before sandbox_enter, in a process of which only some go out to servers:
 * this one does.
 */
void	 sandbox_network(void);

/*
 * Close the sandbox of process id.  Nothing but the paths named stays
 * reachable by name; n may be 0.  What the kernel does not offer is logged
 * once; a step that it offers and that fails is fatal.  Call it before any
 * thread is started: Landlock holds for the caller and what it starts.
 */
void	 sandbox_enter(enum proc_id, const struct sandbox_path *, size_t n);

#endif
