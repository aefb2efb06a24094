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
 * Fuzz target: the compiler of rules and expressions, and what it makes.
 * The first octet chooses the setting, the rest is its value.  What is
 * accepted passes the wall unchanged, ends within its budget, and reads
 * the same when it is written again.
 */

#include <sys/types.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smtpd/base/wire.h"
#include "smtpd/code/code.h"
#include "smtpd/code/run.h"
#include "smtpd/conf.h"

#define TEXT_MAX	65536

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct {
	const char		*head;
	enum policy_setting	 set;
} settings[] = {
	{ "rcpt { relay ",		SET_RCPT_RELAY },
	{ "rcpt { rewrite ",		SET_RCPT_REWRITE },
	{ "rcpt { catch-all ",		SET_RCPT_CATCH_ALL },
	{ "rcpt { directory ",		SET_RCPT_DIRECTORY },
	{ "rcpt { max-recipients ",	SET_RCPT_MAX_RECIPIENTS },
	{ "mail { rewrite ",		SET_MAIL_REWRITE },
	{ "extensions { vrfy ",		SET_EXTENSIONS_VRFY },
	{ "session { max-size ",	SET_SESSION_MAX_SIZE },
};

static char	 path[] = "/tmp/smtpd-fuzz-rules.XXXXXX";
static int	 fd = -1;

static void
forget_file(void)
{
	(void)unlink(path);
}

static void
count_error(void *arg, const char *line)
{
	int	*n = arg;

	if (strstr(line, ": ") == NULL)
		abort();
	(*n)++;
}

static struct conf *
load(const char *head, const char *value, size_t len)
{
	static char	 text[TEXT_MAX + 1024];
	struct conf	*c;
	int		 n, errors = 0;

	if (fd == -1 && ((fd = mkstemp(path)) == -1 ||
	    atexit(forget_file) != 0))
		abort();
	n = snprintf(text, sizeof(text), "hostname mx.example.org\n"
	    "directory accounts db \"/d.db\"\nlisten on 127.0.0.1 port 25\n"
	    "deliver maildir \"/m/%%{domain}/%%{local}\"\nnet = \"::1\"\n"
	    "many = \"25\"\n%s", head);
	memcpy(text + n, value, len);
	memcpy(text + n + len, "\n}\n", 3);
	if (ftruncate(fd, 0) == -1 || pwrite(fd, text, (size_t)n + len + 3,
	    0) != (ssize_t)((size_t)n + len + 3))
		abort();
	c = conf_load(path, count_error, &errors);
	if ((c == NULL) != (errors > 0))
		abort();
	return (c);
}

static void
variable(void *arg, enum code_var var, struct datum *d)
{
	static const struct datum	 list[] = {
		{ .type = DATUM_STRING, .len = 3, .string = "a@b" },
		{ .type = DATUM_STRING, .len = 0, .string = "" },
	};

	*d = datum_string("Some.One+x@Example.org", 22);
	if (var == VAR_REMOTE_PORT || var == VAR_IS_TLS)
		*d = datum_integer(-7);
	if (var == VAR_RECIPIENTS) {
		d->type = DATUM_ARRAY;
		d->len = 2;
		d->array = list;
	}
}

static void
check_run(const struct code *code)
{
	const struct run_budget	 budget = { 20000, 65536, 3, 1000 };
	struct datum		 answer = datum_integer(1);
	struct run		*r = run_new(code, &budget, variable, NULL);
	char			 where[300];
	enum run_status		 status;
	int			 asks = 0;

	while ((status = run_go(r)) == RUN_ASKS_NOW) {
		if (++asks > 3)
			abort();
		run_give(r, &answer);
	}
	if (status == RUN_DONE && run_value(r)->type >= DATUM_TYPE_COUNT)
		abort();
	if (status == RUN_FAULT &&
	    run_fault(r, where, sizeof(where)) == FAULT_NONE)
		abort();
	(void)run_rule(r, where, sizeof(where));
	run_free(r);
}

static void
check_code(const struct code *code)
{
	struct code	*got;
	struct wbuf	 w, again;
	struct rbuf	 r;

	wbuf_init(&w);
	wbuf_init(&again);
	code_put(&w, code);
	rbuf_init(&r, w.data, w.len);
	if (w.bad || (got = code_get(&r, CODE_FAST)) == NULL ||
	    !rbuf_done(&r))
		abort();
	code_put(&again, got);
	if (w.len != again.len || memcmp(w.data, again.data, w.len) != 0)
		abort();
	check_run(got);
	code_free(got);
	wbuf_free(&w);
	wbuf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct setting	*s, *t;
	struct conf		*c, *again;
	size_t			 which;

	if (len < 1 || len > TEXT_MAX)
		return (0);
	which = data[0] % (sizeof(settings) / sizeof(settings[0]));
	c = load(settings[which].head, (const char *)data + 1, len - 1);
	if (c == NULL)
		return (0);
	s = &c->policy.settings[settings[which].set];
	if (s->kind == SETTING_PROGRAM) {
		check_code(s->code);
		again = load(settings[which].head, s->source,
		    strlen(s->source));
		if (again == NULL)
			abort();
		t = &again->policy.settings[settings[which].set];
		if (t->kind != SETTING_PROGRAM ||
		    strcmp(s->source, t->source) != 0)
			abort();
		conf_free(again);
	}
	conf_free(c);
	return (0);
}
