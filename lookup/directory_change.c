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
 * A change is read, checked against what is there, stored, made durable,
 * and only then seen by questions: what was accepted with it must not be
 * unknown after a crash.
 */

#include <bsd/string.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "lookup/bdb_env.h"
#include "lookup/change_apply.h"
#include "lookup/changes.h"
#include "lookup/directory_change.h"
#include "lookup/directory_check.h"
#include "lookup/find.h"
#include "lookup/state.h"
#include "lookup/uses.h"
#include "lookup/view.h"
#include "smtpd/base/log.h"

static struct {
	struct view		*view;
	struct change_op	 op;
	struct directory_check	 check;
	char			 why[256];
	void			(*done)(void *, int, const char *);
	void			*arg;
} change;

static void
change_end(int status, const char *why)
{
	change_op_free(&change.op);
	change.view = NULL;
	change.done(change.arg, status, why);
}

/* The first fault is the one that is told. */
static void
change_report(void *unused, const char *line)
{
	if (change.why[0] == '\0')
		(void)strlcpy(change.why, line, sizeof(change.why));
}

/* A folded address as it is written: the local part may need its quotes. */
static void
print_address(const char *folded, char buf[ADDRESS_STR_SIZE])
{
	const char	*domain = find_domain_of(folded);
	struct address	 a;
	size_t		 len;

	(void)strlcpy(buf, folded, ADDRESS_STR_SIZE);
	if (domain == NULL || (len = (size_t)(domain - folded) - 1) == 0 ||
	    len > ADDRESS_LOCAL_MAX)
		return;
	memcpy(a.local, folded, len);
	a.local[len] = '\0';
	(void)strlcpy(a.domain, domain, sizeof(a.domain));
	(void)address_format(&a, buf, ADDRESS_STR_SIZE);
}

/* The text of the change, as import will read it. */
static char *
change_line(void)
{
	const struct change_op	*op = &change.op;
	const char		*name = change.check.name;
	char			 buf[ADDRESS_STR_SIZE], *line, *text;
	int			 ret;

	if (op->entry != NULL) {
		text = entry_format(op->entry);
		ret = asprintf(&line, "add %s", text);
		free(text);
	} else if (op->key[0] == RECORD_ADDRESS) {
		print_address(name, buf);
		ret = asprintf(&line, "delete address %s", buf);
	} else
		ret = asprintf(&line, "delete %s %s", op->key[0] ==
		    RECORD_DOMAIN ? "domain" : "account", name);
	if (ret == -1)
		fatal("directory change");
	return (line);
}

/* One that takes the name of what is deleted shall begin anew. */
static void
change_forget_uses(void)
{
	char	 name[USES_NAME_SIZE];

	if (change.op.entry != NULL || change.op.key[0] == RECORD_DOMAIN)
		return;
	if (change.op.key[0] == RECORD_ACCOUNT)
		uses_name_account(change.check.name, name);
	else
		uses_name_address(change.check.name, name);
	/* harmless when it fails, and that was logged */
	(void)uses_forget(view_name(change.view), name);
}

/* It is on stable storage: let it be seen. */
static void
change_durable(void *unused)
{
	struct view	*v = change.view;

	/* half of it made would answer "unknown" for what is there */
	if (change_op_apply(view_layers(v), &change.op) == -1) {
		log_warnx("directory %s: the change is stored, but the table "
		    "cannot be read", view_name(v));
		view_close(v, "the table cannot be read: build it anew");
	}
	view_changed(v, (char)change.op.key[0]);
	change_end(EX_OK, "");
}

static void
change_store(void)
{
	char	*line = change_line();
	int	 ret;

	ret = changes_add(view_changes(change.view), change.op.key,
	    change.op.keylen, line, change.why, sizeof(change.why));
	free(line);
	if (ret == -1) {
		change_end(EX_TEMPFAIL, change.why);
		return;
	}
	change_forget_uses();
	bdb_env_sync(state_env(), change_durable, NULL);
}

static void
change_checked(void *unused, int status, const char *why)
{
	if (status != EX_OK)
		change_end(status, why);
	else
		change_store();
}

void
directory_change(struct view *v, const char *line,
    void (*done)(void *, int, const char *), void *arg)
{
	if (change.view != NULL)
		fatalx("directory_change: there is one");
	memset(&change, 0, sizeof(change));
	change.view = v;
	change.done = done;
	change.arg = arg;
	if (view_changes(v) == NULL || view_why(v)[0] != '\0') {
		change_end(EX_TEMPFAIL, "the directory is not open");
		return;
	}
	if (change_op_parse(line, change_report, NULL, &change.op) == -1) {
		change_end(EX_DATAERR, change.why);
		return;
	}
	change.check.view = v;
	change.check.op = &change.op;
	change.check.done = change_checked;
	directory_check(&change.check);
}
