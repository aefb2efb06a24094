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
 * The examples of smtpd.conf(5): those of settings are accepted, those of
 * expressions are true, and no variable or function is without one.
 */

#include "regress/unit/conf_play.h"

#define PAGE	"man/smtpd.conf.5"

static int	 vars[VAR_COUNT], funcs[FUNC_COUNT];

/* What mdoc(7) makes of it: \e is a backslash, \(dq a double quote. */
static void
unescape(char *s)
{
	char	*to = s;

	while (*s != '\0' && *s != '\n') {
		if (strncmp(s, "\\(dq", 4) == 0) {
			*to++ = '"';
			s += 4;
		} else if (strncmp(s, "\\e", 2) == 0) {
			*to++ = '\\';
			s += 2;
		} else if (strncmp(s, "\\&", 2) == 0)
			s += 2;
		else
			*to++ = *s++;
	}
	*to = '\0';
}

/* The names in an example. */
static void
note_names(const char *s)
{
	char	 name[64];
	size_t	 len;

	for (; *s != '\0'; s += len == 0 ? 1 : len) {
		len = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_.");
		if (len == 0 || len >= sizeof(name))
			continue;
		memcpy(name, s, len);
		name[len] = '\0';
		if (name_find_var(name) != VAR_COUNT)
			vars[name_find_var(name)] = 1;
		if (name_find_func(name) != FUNC_COUNT && s[len] == '(')
			funcs[name_find_func(name)] = 1;
	}
}

static int
is_setting(const char *s)
{
	static const char *const	 blocks[] = { "rcpt {", "mail {",
	    "extensions {", "session {", "harvest {", "throttle {",
	    "greylist {" };
	size_t				 i;

	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (strncmp(s, blocks[i], strlen(blocks[i])) == 0)
			return (1);
	return (0);
}

static void
example(const char *s, int line, int expressions)
{
	struct conf	*conf;
	char		 buf[2048];

	(void)strlcpy(buf, s, sizeof(buf));
	if (!is_setting(s)) {
		if (!expressions)
			return;
		(void)snprintf(buf, sizeof(buf), "rcpt { relay !!(%s) }", s);
		note_names(s);
	}
	/* a script that examples name */
	(void)strlcat(buf, "\nsieve 'deny' 'keep;'", sizeof(buf));
	conf = play_load(buf);
	CHECK(conf != NULL, "%s:%d: %s\n%s", PAGE, line, s, play_errors);
	if (conf != NULL && !is_setting(s))
		CHECK(play_truth(&conf->policy.settings[SET_RCPT_RELAY],
		    NULL) == 1, "%s:%d: %s is not true", PAGE, line, s);
	conf_free(conf);
}

int
main(void)
{
	char	 text[1024];
	int	 i, line = 0, examples = 0, expressions = 0;
	FILE	*f;

	if ((f = fopen(PAGE, "r")) == NULL) {
		perror(PAGE);
		return (1);
	}
	while (fgets(text, sizeof(text), f) != NULL) {
		line++;
		if (strncmp(text, ".Sh ", 4) == 0)
			expressions = strncmp(text, ".Sh RULES AND ", 14) == 0;
		if (strncmp(text, ".Dl ", 4) != 0)
			continue;
		unescape(text);
		example(text + 4, line, expressions);
		examples++;
	}
	(void)fclose(f);
	CHECK(examples > 80, "%d examples", examples);
	for (i = 0; i < VAR_COUNT; i++)
		CHECK(vars[i] || name_var((enum code_var)i)->stage ==
		    STAGE_SCRIPT, "no example of %s",
		    name_var((enum code_var)i)->name);
	for (i = 0; i < FUNC_COUNT; i++)
		CHECK(funcs[i] || name_func((enum code_func)i)->kind ==
		    FUNC_SCRIPT, "no example of %s",
		    name_func((enum code_func)i)->name);
	return (check_done("unit/conf_manual"));
}
