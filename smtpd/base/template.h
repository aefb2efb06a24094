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
 * The template of a mailbox path, "/var/mail/%{domain}/%{local}".
 *
 * Slots are typed: there are %{domain}, %{local} and %{account}, and no
 * other use of '%'.  What is put into a slot never leaves its component
 * of the path (SECURITY.md R4, R8).
 */

#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stddef.h>

#define TEMPLATE_NAME_MAX	255	/* octets of one component */
#define TEMPLATE_DEPTH_MAX	32	/* components of a path */

struct template_values {
	const char	*domain;	/* of the primary address */
	const char	*local;		/* of the primary address, unquoted */
	const char	*account;
};

/*
 * Is this a template?  0, or -1 and why holds what is wrong with it, to
 * stand behind "the template".  A template is an absolute path without
 * empty, "." and ".." components, has a directory in front of its first
 * slot, and has %{account} or both %{local} and %{domain}, lest the mail
 * of two accounts lands in one mailbox; for the same reason two slots of a
 * component have '@' between them, and one of them is the domain.
 */
int	 template_check(const char *template, char *why, size_t size);

/*
 * The longest directory in front of the first slot: the mail root.
 * template has passed template_check.  -1 when it does not fit.
 */
int	 template_root(const char *template, char *buf, size_t size);

/*
 * The path below that root for these values; template has passed
 * template_check.  ASCII letters of domain and local become lower case
 * (RCPT.md 1); '/', '%', control octets and a dot in front become %xx, so
 * that different values never meet.  -1 when a value that is used is empty,
 * a component is longer than TEMPLATE_NAME_MAX, or it does not fit.
 */
int	 template_expand(const char *template, const struct template_values *,
	    char *buf, size_t size);

#endif
