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
 * show metrics: the figures of show status and show stats in the text format
 * of Prometheus, where all samples of one name stand together.
 */

#include <bsd/string.h>
#include <ctype.h>
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/ctl.h"
#include "control/smtpctl.h"
#include "smtpd/base/wire.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg_control.h"

#define METRIC_PROCESS_SIZE	32
#define METRIC_NAME_SIZE	192
#define METRICS_MAX		100000	/* more than any server has */

/* "smtpd_front_rcpts_accepted", of process "front", instance 1. */
struct metric {
	char	 name[METRIC_NAME_SIZE];
	char	 process[METRIC_PROCESS_SIZE];
	int64_t	 instance;
	int64_t	 value;
};

struct metrics {
	struct metric	*list;
	size_t		 n;
	int		 status;	/* rows are those of show status */
};

/* Letters, digits and '_' alone, as names there have. */
static void
metric_name(char *name)
{
	for (; *name != '\0'; name++)
		if (!isalnum((unsigned char)*name))
			*name = '_';
}

static void
metric_add(struct metrics *m, const struct metric *whose, const char *key,
    int64_t value)
{
	struct metric	*x;

	if (m->n == METRICS_MAX)
		return;
	m->list = xreallocarray(m->list, m->n + 1, sizeof(*m->list));
	x = &m->list[m->n++];
	*x = *whose;
	x->value = value;
	(void)snprintf(x->name, sizeof(x->name), "smtpd_%s_%s", m->status ?
	    "process" : whose->process, key);
	metric_name(x->name);
}

/* A row begins with the process and its instance. */
static int
metric_row(void *arg, struct rbuf *r)
{
	struct metrics		*m = arg;
	struct metric		 whose = { .instance = 0 };
	struct row_field	 f;
	int			 ret;

	while ((ret = row_next(r, &f)) == 1)
		if (strcmp(f.key, "process") == 0 && !f.is_number) {
			(void)snprintf(whose.process, sizeof(whose.process),
			    "%.*s", (int)f.len, f.value);
			metric_name(whose.process);
		} else if (strcmp(f.key, "instance") == 0 && f.is_number)
			whose.instance = f.number;
		else if (strcmp(f.key, "state") == 0 && !f.is_number)
			metric_add(m, &whose, "ready", f.len == 5 &&
			    memcmp(f.value, "ready", 5) == 0);
		else if (f.is_number && strcmp(f.key, "pid") != 0)
			metric_add(m, &whose, f.key, f.number);
	return (ret);
}

static int
metric_compare(const void *a, const void *b)
{
	const struct metric	*x = a, *y = b;
	int			 ret = strcmp(x->name, y->name);

	if (ret == 0)
		ret = strcmp(x->process, y->process);
	if (ret == 0)
		ret = (x->instance > y->instance) -
		    (x->instance < y->instance);
	return (ret);
}

static void
metrics_print(struct metrics *m)
{
	const struct metric	*x;
	const char		*last = "";

	if (m->n > 1)
		qsort(m->list, m->n, sizeof(*m->list), metric_compare);
	for (x = m->list; x < m->list + m->n; last = x++->name) {
		/* some are counters and some are not, and a reader knows */
		if (strcmp(x->name, last) != 0)
			printf("# TYPE %s untyped\n", x->name);
		printf("%s{process=\"%s\",instance=\"%" PRId64 "\"} %" PRId64
		    "\n", x->name, x->process, x->instance, x->value);
	}
}

int
smtpctl_metrics(const struct smtpctl_command *c, int argc, char **argv)
{
	static const char *const	 words[][2] = { { "show", "status" },
	    { "show", "stats" } };
	struct metrics			 m = { .status = 1 };
	int				 status;

	if (smtpctl_options.json) {
		warnx("metrics have a format of their own: use 'show stats' "
		    "for JSON");
		return (EX_USAGE);
	}
	status = smtpctl_ask(words[0], 2, metric_row, &m);
	m.status = 0;
	if (status == EX_OK)
		status = smtpctl_ask(words[1], 2, metric_row, &m);
	if (status == EX_OK)
		metrics_print(&m);
	free(m.list);
	return (status);
}
