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
 * Fuzz target: an expression in a script of a configuration.  It is refused
 * with errors that stand in it, or it becomes a program that ends within its
 * budget.
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
#define LOOKUPS		3

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char	 head[] = "hostname mx.example.org\n"
    "directory accounts db \"/d.db\"\nlisten on 127.0.0.1 port 25\n"
    "deliver maildir \"/m/%%{domain}/%%{local}\"\nmacro = \"25\"\n"
    "store default db\nlist 'l' ['a']\nsieve 's' file \"%s\"\n";
static const char	 before[] = "require [\"variables\", \"include\", "
    "\"reject\", \"vnd.stalwart.expressions\"];\nset \"a\" \"${e}\";\n"
    "let \"b\" \"[1, 'x', 0.5]\"; global \"g\";\nlet \"c\" \"";
static const char	 behind[] = "\";\nset \"d\" \"${c}\"; "
    "if eval \"c == d && b != c\" { reject \"${c}\"; }\n";

static char	 conf_path[] = "/tmp/smtpd-fuzz-eval.XXXXXX";
static char	 script_path[] = "/tmp/smtpd-fuzz-eval.XXXXXX";
static int	 fd = -1;

static void
forget_files(void)
{
	(void)unlink(conf_path);
	(void)unlink(script_path);
}

static void
make_files(void)
{
	char	 text[1024];
	int	 conf, n;

	if ((conf = mkstemp(conf_path)) == -1 ||
	    (fd = mkstemp(script_path)) == -1 || atexit(forget_files) != 0)
		abort();
	n = snprintf(text, sizeof(text), head, script_path);
	if (write(conf, text, (size_t)n) != n || close(conf) == -1)
		abort();
}

/* The octets as a quoted string says them. */
static void
write_script(const uint8_t *data, size_t len)
{
	static char	 text[2 * TEXT_MAX + sizeof(before) + sizeof(behind)];
	size_t		 i, n = sizeof(before) - 1;

	memcpy(text, before, n);
	for (i = 0; i < len; i++) {
		if (data[i] == '"' || data[i] == '\\')
			text[n++] = '\\';
		text[n++] = (char)data[i];
	}
	memcpy(text + n, behind, sizeof(behind) - 1);
	n += sizeof(behind) - 1;
	if (ftruncate(fd, 0) == -1 || pwrite(fd, text, n, 0) != (ssize_t)n)
		abort();
}

static void
check_error(void *arg, const char *line)
{
	int	*n = arg;

	if (strstr(line, script_path) != line)
		abort();
	(*n)++;
}

static void
variable(void *arg, enum code_var var, struct datum *d)
{
	static const struct datum	 list[] = {
		{ .type = DATUM_STRING, .len = 3, .string = "a@b" },
		{ .type = DATUM_STRING, .len = 0, .string = "" },
	};

	*d = datum_string("Some.One+x@Example.org", 22);
	if (var == VAR_REMOTE_PORT || var == VAR_IS_TLS ||
	    var == VAR_ENV_NOW)
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
	const struct run_budget	 budget = { 20000, 256 * 1024, LOOKUPS, 1000 };
	struct datum		 answer = datum_integer(1);
	struct run_end		 end;
	struct run		*r;
	char			 where[300];
	enum run_status		 status;
	int			 asks = 0;

	if ((r = run_new(code, &budget, variable, NULL)) == NULL)
		abort();
	while ((status = run_go(r)) == RUN_ASKS_NOW) {
		if (++asks > LOOKUPS)
			abort();
		run_give(r, &answer);
	}
	if (status == RUN_FAULT &&
	    run_fault(r, where, sizeof(where)) == FAULT_NONE)
		abort();
	run_end(r, &end);
	if (status == RUN_DONE && end.verdict == RUN_REJECT &&
	    end.text.len > 0 && end.text.string == NULL)
		abort();
	run_free(r);
}

/* Through the wall, as policy gets it. */
static void
check_code(const struct code *code)
{
	struct code	*got;
	struct wbuf	 w;
	struct rbuf	 r;

	wbuf_init(&w);
	code_put(&w, code);
	rbuf_init(&r, w.data, w.len);
	if (w.bad || (got = code_get(&r, CODE_FAST)) == NULL ||
	    !rbuf_done(&r) || !got->script)
		abort();
	check_run(got);
	code_free(got);
	wbuf_free(&w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct conf	*c;
	int		 errors = 0;

	if (len > TEXT_MAX)
		return (0);
	if (fd == -1)
		make_files();
	write_script(data, len);
	c = conf_load(conf_path, check_error, &errors);
	if ((c == NULL) != (errors > 0))
		abort();
	if (c == NULL)
		return (0);
	check_code(c->policy.scripts[0]->code);
	conf_free(c);
	return (0);
}
