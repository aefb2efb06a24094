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
 * Command lines: which verb, and where its argument is.
 * RFC 5321 4.1.1.  The line comes without its CRLF.
 */

#ifndef LINE_H
#define LINE_H

#include <stddef.h>

enum verb {
	VERB_NONE,		/* empty or unknown: 500 */
	VERB_HELO,
	VERB_EHLO,
	VERB_MAIL,
	VERB_RCPT,
	VERB_DATA,
	VERB_RSET,
	VERB_NOOP,
	VERB_QUIT,
	VERB_VRFY,
	VERB_EXPN,
	VERB_HELP,
	VERB_STARTTLS,
	VERB_AUTH,
	VERB_OTHER,		/* a known verb that is not offered: 502 */
	VERB_HTTP,		/* of another protocol: close */
	VERB_COUNT
};

/*
 * The verb of a line, in any case; it ends at the first blank or the end.
 * *arg and *arglen are what follows without the blanks (SP and HTAB)
 * around it; *arglen is 0 when there is nothing.
 */
enum verb
	 smtp_line_verb(const char *line, size_t len, const char **arg,
	    size_t *arglen);

/*
 * The argument of MAIL or RCPT: keyword is "FROM:" or "TO:", matched in any
 * case.  On 0 *path and *pathlen are what follows it.  RFC 5321 3.3 wants
 * nothing between the colon and the '<'; one SP there is forgiven, since
 * real clients send it.  -1 when the keyword is not there, when more blanks
 * follow, or when nothing does.
 */
int	 smtp_line_path(const char *arg, size_t len, const char *keyword,
	    const char **path, size_t *pathlen);

/* "MAIL"; "?" for VERB_NONE and other values that are no verb of ours. */
const char *smtp_line_name(enum verb);

#endif
