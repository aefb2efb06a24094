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
 * A configuration from text, and a run of the program of a setting, with
 * the session of rcpt.md 8 around it.
 */

#ifndef CONF_PLAY_H
#define CONF_PLAY_H

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "regress/unit/check.h"
#include "smtpd/code/code.h"
#include "smtpd/code/run.h"
#include "smtpd/conf.h"

#define PLAY_HEAD							\
	"hostname mx.own.example; store default db; "			\
	"list blocked ['spam@example.net']\n"				\
	"directory accounts db \"/etc/smtpd/directory.db\"\n"		\
	"listen on 127.0.0.1 port 2525\n"				\
	"deliver maildir \"/var/mail/%%{domain}/%%{local}\"\n"

static char	 play_errors[65536];	/* of the last one, a line each */
static unsigned int play_asked;		/* questions of the last run */

static inline void
play_error(void *arg, const char *line)
{
	/* behind the path, which is a temporary one */
	line = strchr(line, ':') == NULL ? line : strchr(line, ':') + 1;
	(void)strlcat(play_errors, line, sizeof(play_errors));
	(void)strlcat(play_errors, "\n", sizeof(play_errors));
}

/* The head, and this text; NULL with play_errors. */
static inline struct conf *
play_load(const char *text)
{
	char		 path[] = "/tmp/smtpd-unit-conf.XXXXXX";
	struct conf	*conf;
	FILE		*f;
	int		 fd;

	play_errors[0] = '\0';
	if ((fd = mkstemp(path)) == -1 || (f = fdopen(fd, "w")) == NULL) {
		perror(path);
		exit(1);
	}
	fprintf(f, PLAY_HEAD "%s\n", text);
	if (fclose(f) == EOF) {
		perror(path);
		exit(1);
	}
	conf = conf_load(path, play_error, NULL);
	(void)unlink(path);
	return (conf);
}

static inline void
play_string(struct datum *d, const char *s)
{
	*d = datum_string(s, strlen(s));
}

static inline void
play_var(void *arg, enum code_var var, struct datum *d)
{
	static struct datum	 recipients[2];

	switch (var) {
	case VAR_RCPT:
		play_string(d, arg == NULL ? "user@example.org" : arg);
		break;
	case VAR_RCPT_DOMAIN:
		play_string(d, "example.org");
		break;
	case VAR_RECIPIENTS:
		play_string(&recipients[0], "one@example.org");
		play_string(&recipients[1], "two@example.org");
		d->type = DATUM_ARRAY;
		d->len = 2;
		d->array = recipients;
		break;
	case VAR_SENDER:
		play_string(d, "bill@foo.net");
		break;
	case VAR_SENDER_DOMAIN:
		play_string(d, "foo.net");
		break;
	case VAR_HELO_DOMAIN:
		play_string(d, "client.test");
		break;
	case VAR_REMOTE_IP:
	case VAR_LOCAL_IP:
		play_string(d, "127.0.0.1");
		break;
	case VAR_LISTENER:
	case VAR_PROTOCOL:
		play_string(d, "smtp");
		break;
	case VAR_REMOTE_PORT:
	case VAR_LOCAL_PORT:
		*d = datum_integer(25);
		break;
	default:
		break;
	}
}

/*
 * Our domain is example.org, and it has one address; stores are empty, but
 * SQL always finds something.
 */
static inline struct datum
play_lookup(const struct run *r)
{
	const struct datum	 none = { .type = DATUM_ARRAY };
	const struct datum	*args;
	const char		*want;
	enum code_func		 func;
	unsigned int		 n;

	func = run_question(r, &args, &n);
	play_asked++;
	if (func == FUNC_DNS_QUERY)
		return (none);
	if (func == FUNC_KEY_GET)
		return (datum_string("", 0));
	if (func == FUNC_KEY_SET || func == FUNC_COUNTER_INCR)
		return (datum_integer(func == FUNC_KEY_SET ? 1 :
		    datum_count(&args[2])));
	if (func == FUNC_SQL_QUERY)
		return (datum_integer(1));
	want = func == FUNC_IS_LOCAL_DOMAIN ? "example.org" :
	    func == FUNC_IN_LIST ? "spam@example.net" : "user@example.org";
	return (datum_integer(n == 2 && args[1].len == strlen(want) &&
	    memcmp(args[1].string, want, args[1].len) == 0));
}

/* To its end, with every question answered. */
static inline enum run_status
play_run(struct run *r)
{
	enum run_status	 status;
	struct datum	 answer;

	play_asked = 0;
	while ((status = run_go(r)) == RUN_ASKS_NOW) {
		answer = play_lookup(r);
		run_give(r, &answer);
	}
	return (status);
}

static const struct run_budget	 play_budget = {
	RUN_STEPS, RUN_MEMORY, RUN_ASKS, RUN_WAIT
};

/* The truth of a setting for this recipient (NULL: user@example.org). */
static inline int
play_truth(const struct setting *s, const char *rcpt)
{
	struct run	*r;
	char		 where[300], arg[300];
	int		 truth = -1;

	if (s->kind != SETTING_PROGRAM)
		return (s->kind == SETTING_NUMBER ? s->number != 0 :
		    s->string[0] != '\0');
	(void)strlcpy(arg, rcpt == NULL ? "" : rcpt, sizeof(arg));
	r = run_new(s->code, &play_budget, play_var,
	    rcpt == NULL ? NULL : arg);
	if (play_run(r) == RUN_DONE)
		truth = datum_truth(run_value(r));
	else {
		enum run_fault	 fault = run_fault(r, where, sizeof(where));

		CHECK(0, "fault at %s: %s", where, run_fault_text(fault));
	}
	run_free(r);
	return (truth);
}

#endif
