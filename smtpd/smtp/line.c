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
 * Which verb a command line is; the list of verbs.
 * What a verb does, and when it may come, is front's.
 */

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "smtpd/smtp/line.h"

static const struct {
	const char	*name;
	enum verb	 verb;
} verbs[] = {
	{ "RCPT",	VERB_RCPT },
	{ "MAIL",	VERB_MAIL },
	{ "DATA",	VERB_DATA },
	{ "EHLO",	VERB_EHLO },
	{ "HELO",	VERB_HELO },
	{ "RSET",	VERB_RSET },
	{ "NOOP",	VERB_NOOP },
	{ "QUIT",	VERB_QUIT },
	{ "VRFY",	VERB_VRFY },
	{ "EXPN",	VERB_EXPN },
	{ "HELP",	VERB_HELP },
	{ "STARTTLS",	VERB_STARTTLS },
	{ "AUTH",	VERB_AUTH },

	{ "ATRN",	VERB_OTHER },	/* RFC 2645 */
	{ "BDAT",	VERB_OTHER },	/* RFC 3030 */
	{ "BURL",	VERB_OTHER },	/* RFC 4468 */
	{ "ETRN",	VERB_OTHER },	/* RFC 1985 */
	{ "LHLO",	VERB_OTHER },	/* RFC 2033 */
	{ "SAML",	VERB_OTHER },	/* RFC 821, and the three below */
	{ "SEND",	VERB_OTHER },
	{ "SOML",	VERB_OTHER },
	{ "TURN",	VERB_OTHER },

	{ "CONNECT",	VERB_HTTP },	/* RFC 9110 9.3, RFC 5789 */
	{ "DELETE",	VERB_HTTP },
	{ "GET",	VERB_HTTP },
	{ "HEAD",	VERB_HTTP },
	{ "OPTIONS",	VERB_HTTP },
	{ "PATCH",	VERB_HTTP },
	{ "POST",	VERB_HTTP },
	{ "PRI",	VERB_HTTP },	/* RFC 9113 3.4 */
	{ "PUT",	VERB_HTTP },
	{ "TRACE",	VERB_HTTP },
};

static int
is_blank(char c)
{
	return (c == ' ' || c == '\t');
}

enum verb
smtp_line_verb(const char *line, size_t len, const char **arg, size_t *arglen)
{
	size_t	 i, n = 0;

	while (n < len && !is_blank(line[n]))
		n++;
	*arg = line + n;
	*arglen = len - n;
	while (*arglen > 0 && is_blank((*arg)[0])) {
		(*arg)++;
		(*arglen)--;
	}
	while (*arglen > 0 && is_blank((*arg)[*arglen - 1]))
		(*arglen)--;
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strlen(verbs[i].name) == n &&
		    strncasecmp(verbs[i].name, line, n) == 0)
			return (verbs[i].verb);
	return (VERB_NONE);
}

int
smtp_line_path(const char *arg, size_t len, const char *keyword,
    const char **path, size_t *pathlen)
{
	size_t	 n = strlen(keyword);

	if (len < n || strncasecmp(arg, keyword, n) != 0)
		return (-1);
	if (n < len && arg[n] == ' ')
		n++;
	if (n == len || is_blank(arg[n]))
		return (-1);
	*path = arg + n;
	*pathlen = len - n;
	return (0);
}

const char *
smtp_line_name(enum verb verb)
{
	size_t	 i;

	if (verb != VERB_OTHER && verb != VERB_HTTP)
		for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
			if (verbs[i].verb == verb)
				return (verbs[i].name);
	return ("?");
}
