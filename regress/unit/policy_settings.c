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
 * No directory, settings of the wrong kind, and a MAIL that is not allowed:
 * each in a process of its own, for a configuration is taken once.
 */

#include <sys/wait.h>

#include <unistd.h>

#include "regress/unit/policy_play.h"

/* Without a directory: a number has no name. */
static void
no_directory(struct policy_conf *c)
{
	setting_free(&c->settings[SET_RCPT_DIRECTORY]);
	c->settings[SET_RCPT_DIRECTORY].kind = SETTING_NUMBER;
}

/* F-NODIR: everything is decided by relay. */
static void
test_nodir(struct policy_conf *c)
{
	no_directory(c);
	play_start(c);
	play_session(0, 1, "john", 0);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT, "MAIL");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_ACCEPT &&
	    play_said->rcpt.route == ROUTE_RELAY &&
	    play_said->rcpt.directory[0] == '\0', "jane");
	CHECK(play_decide(1, "Jane@FOOBAR.org") == VERDICT_DUPLICATE, "twice");
	CHECK(play_decide(1, "nobody@foobar.org") == VERDICT_ACCEPT, "nobody");
	play_session(0, 2, "", 0);
	CHECK(play_mail(0, 2, "a@b.test", 0) == VERDICT_ACCEPT, "MAIL");
	CHECK(play_decide(2, "jane@foobar.org") == VERDICT_RELAY &&
	    play_said->rcpt.error, "jane, not logged in");
	CHECK(play_decide(2, "postmaster") == VERDICT_ACCEPT &&
	    strcmp(play_said->rcpt.stored.local, "chief") == 0, "postmaster");
	CHECK(play_nasks == 0, "asks without a directory");
}

/* A constant candidate is itself the candidate. */
static void
test_given(struct policy_conf *c)
{
	c->settings[SET_RCPT_CATCH_ALL].kind = SETTING_STRING;
	c->settings[SET_RCPT_CATCH_ALL].string = strdup("all@foobar.org");
	c->settings[SET_RCPT_SUB_ADDRESSING].number = 0;
	play_start(c);
	play_session(0, 1, "", 0);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT, "MAIL");
	(void)play_rcpt(0, 1, "jane+x@foobar.org");
	CHECK(play_nasks == 1 && play_asks[0].ask.sub == CANDIDATE_NONE &&
	    play_asks[0].ask.catchall == CANDIDATE_GIVEN &&
	    strcmp(play_asks[0].ask.catchall_given, "all@foobar.org") == 0 &&
	    strcmp(play_asks[0].ask.sender.local, "a") == 0 &&
	    strcmp(play_asks[0].ask.rcpt.local, "jane+x") == 0, "question");
}

/* A value of the wrong kind is a 451, and neither counted nor kept. */
static void
test_fault(struct policy_conf *c)
{
	c->settings[SET_RCPT_RELAY].kind = SETTING_STRING;
	c->settings[SET_RCPT_RELAY].string = strdup("");
	no_directory(c);
	c->settings[SET_RCPT_DIRECTORY].number = 1;
	play_start(c);
	play_session(0, 1, "", 0);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT, "MAIL");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_CONFIG &&
	    !play_said->rcpt.error && play_said->rcpt.wait == 0 &&
	    play_nasks == 0, "directory true");
}

static void
test_limits_fault(struct policy_conf *c)
{
	c->settings[SET_RCPT_MAX_RECIPIENTS].kind = SETTING_STRING;
	c->settings[SET_RCPT_MAX_RECIPIENTS].string = strdup("many");
	play_start(c);
	play_session(0, 1, "", 0);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_CONFIG, "MAIL");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_SEQUENCE,
	    "a transaction without limits");
}

static void
test_denied(struct policy_conf *c)
{
	c->settings[SET_MAIL_IS_ALLOWED].kind = SETTING_AUTHENTICATED;
	play_start(c);
	play_session(0, 1, "", 0);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_DENIED, "denied");
	CHECK(play_decide(1, "jane@foobar.org") == VERDICT_SEQUENCE,
	    "a transaction after all");
	play_session(0, 1, "john", 0);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT, "allowed");
}

/* A postmaster who is configured as himself leads nowhere. */
static void
test_postmaster(struct policy_conf *c)
{
	(void)strlcpy(c->postmaster, "Postmaster@MX.own.example",
	    sizeof(c->postmaster));
	play_start(c);
	play_session(0, 1, "", 0);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT, "MAIL");
	CHECK(play_decide(1, "postmaster") == VERDICT_CONFIG, "postmaster");
}

static void
in_child(const char *name, void (*test)(struct policy_conf *))
{
	struct policy_conf	 c;
	int			 status;
	pid_t			 pid;

	fflush(NULL);
	if ((pid = fork()) == 0) {
		play_conf(&c);
		test(&c);
		_exit(check_failed != 0);
	}
	CHECK(pid != -1 && waitpid(pid, &status, 0) == pid && status == 0,
	    "%s failed", name);
}

int
main(void)
{
	in_child("nodir", test_nodir);
	in_child("given", test_given);
	in_child("fault", test_fault);
	in_child("limits", test_limits_fault);
	in_child("denied", test_denied);
	in_child("postmaster", test_postmaster);
	return (check_done("policy_settings"));
}
