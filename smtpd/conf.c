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
 * One run of the configuration parser: memory, reports, start and end.
 */

#include <bsd/string.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/conf_parse.h"

#define SHOW_SIZE	255	/* of a word or path in a message */

struct conf_kept {
	struct conf_kept	*next;
	_Alignas(max_align_t) char data[];
};

void *
conf_keep(struct conf_parse *p, size_t size)
{
	struct conf_kept	*k;

	k = xcalloc(1, sizeof(*k) + size);
	k->next = p->kept;
	p->kept = k;
	return (k->data);
}

char *
conf_keep_text(struct conf_parse *p, const char *text, size_t len)
{
	char	*copy = conf_keep(p, len + 1);

	if (len > 0)
		memcpy(copy, text, len);
	return (copy);
}

const char *
conf_show(struct conf_parse *p, const char *text)
{
	char	*buf;

	buf = conf_keep(p, SHOW_SIZE);
	log_quote(text, strlen(text), buf, SHOW_SIZE);
	if (strlen(buf) == SHOW_SIZE - 1)
		(void)strlcpy(buf + SHOW_SIZE - 4, "...", 4);
	return (buf);
}

const char *
conf_quote(struct conf_parse *p, const char *text)
{
	size_t	 size = strlen(text) + 3;
	char	*buf = conf_keep(p, size);

	(void)snprintf(buf, size, "'%s'", text);
	return (buf);
}

static void
conf_say(struct conf_parse *p, const struct conf_pos *pos, const char *what)
{
	char	 line[CONF_TEXT_SIZE];

	if (pos->line == 0)
		(void)snprintf(line, sizeof(line), "%s: %s", pos->file, what);
	else
		(void)snprintf(line, sizeof(line), "%s:%d:%d: %s", pos->file,
		    pos->line, pos->column, what);
	p->report(p->arg, line);
}

void
conf_error(struct conf_parse *p, const struct conf_pos *pos,
    const char *fmt, ...)
{
	char	 what[CONF_TEXT_SIZE / 2];
	va_list	 ap;

	if (p->full)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	conf_say(p, pos, what);
	if (++p->nerrors < CONF_ERRORS_MAX)
		return;
	conf_say(p, pos, "too many errors: the rest of the configuration was "
	    "not read");
	p->full = 1;
}

static void
conf_run_free(struct conf_parse *p)
{
	struct conf_kept	*k;

	while (p->file != NULL)
		lex_pop(p);
	setting_free(&p->rules);
	while ((k = p->kept) != NULL) {
		p->kept = k->next;
		free(k);
	}
	free(p->buf);
}

struct conf *
conf_load(const char *path, conf_report report, void *arg)
{
	struct conf_parse	*p = xcalloc(1, sizeof(*p));
	struct conf		*conf;

	p->conf = xcalloc(1, sizeof(*p->conf));
	p->report = report;
	p->arg = arg;
	p->at_start = 1;
	conf_defaults(p);
	macro_begin(p);
	p->name = conf_show(p, path);
	if (lex_push(p, path, NULL) == 0) {
		conf_parse_files(p);
		conf_check(p);
		if (p->nerrors == 0)
			macro_end(p);
	}
	conf_run_free(p);
	conf = p->conf;
	if (p->nerrors > 0) {
		conf_free(conf);
		conf = NULL;
	}
	free(p);
	return (conf);
}

void
conf_free(struct conf *conf)
{
	size_t	 i;

	if (conf == NULL)
		return;
	policy_conf_free(&conf->policy);
	lookup_conf_free(&conf->lookup);
	for (i = 0; i < conf->npkis; i++)
		conf_pki_free(&conf->pkis[i]);
	free(conf);
}
