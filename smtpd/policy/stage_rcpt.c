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
 * The order of RCPT.md 1, from step 4 on: what is decided, not how the
 * answers come.
 */

#include <bsd/string.h>

#include <stdlib.h>
#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/msg/trace.h"
#include "smtpd/policy/rcpt.h"
#include "smtpd/policy/session.h"
#include "smtpd/policy/setting.h"
#include "smtpd/policy/sieve.h"
#include "smtpd/policy/throttle.h"

enum step_status {
	STEP_NEXT,
	STEP_WAIT,		/* somebody was asked: run this one again */
	STEP_DONE		/* the verdict is there */
};

static enum step_status
done(struct rcpt *r, enum verdict verdict)
{
	r->verdict = verdict;
	return (STEP_DONE);
}

static enum step_status
step_sequence(struct rcpt *r)
{
	const struct session	*s = r->session;

	if (s->tx == NULL)
		return (done(r, VERDICT_SEQUENCE));
	return (STEP_NEXT);
}

static enum step_status
step_limit(struct rcpt *r)
{
	const struct tx	*tx = r->session->tx;

	if (tx->accepted.n >= tx->limits.max_recipients)
		return (done(r, VERDICT_TOO_MANY));
	return (STEP_NEXT);
}

/* Of what the client said. */
static enum step_status
step_duplicate(struct rcpt *r)
{
	if (rcptset_has(&r->session->tx->accepted, r->said == NULL ? r->key :
	    r->said))
		return (done(r, VERDICT_DUPLICATE));
	return (STEP_NEXT);
}

/* Nothing is found out, and so nothing told: RCPT.md 4. */
static enum step_status
step_harvest(struct rcpt *r)
{
	if (draw_banned(r->session)) {
		trace_step(r->session->trace, "harvest", "banned: nothing is "
		    "found out; new connections get 421", NULL);
		return (done(r, VERDICT_HARVEST));
	}
	return (STEP_NEXT);
}

/* What a script made of the addresses; back to what comes first then. */
static enum step_status
script_changed(struct rcpt *r)
{
	const struct script	*s = r->script;
	struct address		 to = s->to;

	if (s->has_from && rcpt_prepare_sender(r, &s->from) == -1)
		return (done(r, VERDICT_TEMPFAIL));
	if (!s->has_to)
		return (STEP_NEXT);
	question_own(r->session, &to);
	if (!r->session->dry)
		policy_rcpt_count_rewritten();
	if (rcpt_prepare_retarget(r, &to) == -1)
		return (done(r, VERDICT_TEMPFAIL));
	r->prep = PREP_REWRITE;
	return (STEP_NEXT);
}

/* It counts as a recipient, and nobody gets it. */
static enum step_status
script_dropped(struct rcpt *r)
{
	if (rcptset_add(&r->session->tx->accepted, r->key) == -1)
		return (done(r, VERDICT_TEMPFAIL));
	r->key = NULL;
	return (done(r, VERDICT_DISCARD));
}

static enum step_status
step_script(struct rcpt *r)
{
	const struct tx	*tx = r->session->tx;

	if (r->script == NULL)
		return (STEP_NEXT);
	if (r->script->chosen == NULL) {
		r->q.eval.sender = tx->sender_key;
		r->q.eval.rcpt = r->key;
		script_address(&tx->sender, r->script->facts.from);
		r->script->facts.size = tx->size;
		(void)strlcpy(r->script->facts.envid, tx->envid == NULL ?
		    "" : tx->envid, sizeof(r->script->facts.envid));
	}
	switch (script_run(r->script, &r->q.eval, SET_RCPT_SCRIPT)) {
	case SCRIPT_WAIT:
		return (STEP_WAIT);
	case SCRIPT_REFUSED:
		return (done(r, r->script->verdict));
	case SCRIPT_DROPPED:
		return (script_dropped(r));
	case SCRIPT_CHANGED:
		return (script_changed(r));
	default:
		return (STEP_NEXT);
	}
}

static enum step_status
step_rewrite(struct rcpt *r)
{
	if (rcpt_prepare_target(r))
		return (STEP_WAIT);
	if (r->prep == PREP_REWRITE)
		return (done(r, r->refusal));
	return (STEP_NEXT);
}

/* Of what it has become. */
static enum step_status
step_again(struct rcpt *r)
{
	if (r->said != NULL && rcptset_has(&r->session->tx->accepted, r->key))
		return (done(r, VERDICT_DUPLICATE));
	return (STEP_NEXT);
}

/* postmaster of the server's own name, however it was written */
static int
is_own_postmaster(const struct rcpt *r)
{
	struct address	 own = { .local = "postmaster" };
	char		*key;
	int		 is;

	if (strncmp(r->key, "postmaster@", 11) != 0)
		return (0);
	(void)strlcpy(own.domain, policy_settings()->hostname,
	    sizeof(own.domain));
	if ((key = rcptset_fold(&own)) == NULL)
		return (0);
	is = strcmp(key, r->key) == 0;
	free(key);
	return (is);
}

/* The configured postmaster is nobody. */
static enum step_status
postmaster_fault(struct rcpt *r, const char *why)
{
	const struct session	*s = r->session;

	trace_step(s->trace, "fault", "postmaster", "error", why, NULL);
	if (!s->dry)
		log_warnx("session=%016llx event=fault setting=postmaster "
		    "error=\"%s\"", (unsigned long long)s->id, why);
	return (done(r, VERDICT_CONFIG));
}

/* No such mailbox, in a domain that is ours. */
static enum step_status
directory_none(struct rcpt *r)
{
	if (r->forwarded)
		return (postmaster_fault(r, "no such mailbox"));
	if ((r->postmaster = (uint8_t)is_own_postmaster(r)))
		return (STEP_NEXT);
	return (done(r, VERDICT_UNKNOWN));
}

static enum step_status
directory_not_local(struct rcpt *r)
{
	r->route = ROUTE_RELAY;
	r->postmaster = (uint8_t)is_own_postmaster(r);
	return (STEP_NEXT);
}

static enum step_status
directory_found(struct rcpt *r)
{
	switch (r->found.status) {
	case RESOLVE_FOUND:
	case RESOLVE_DISCARD:
		r->route = ROUTE_LOCAL;
		return (STEP_NEXT);
	case RESOLVE_RELAY:
		r->route = ROUTE_RELAY;
		return (STEP_NEXT);
	case RESOLVE_NONE:
		return (directory_none(r));
	case RESOLVE_NOT_LOCAL:
		return (directory_not_local(r));
	case RESOLVE_DISABLED:
		return (done(r, VERDICT_DISABLED));
	case RESOLVE_DEFERRED:
		return (done(r, VERDICT_DEFERRED));
	case RESOLVE_QUOTA:
		return (done(r, VERDICT_QUOTA));
	case RESOLVE_SENDERS:
		return (done(r, VERDICT_SENDERS));
	default:
		return (done(r, VERDICT_TEMPFAIL));
	}
}

static enum step_status
step_directory(struct rcpt *r)
{
	if (rcpt_prepare_found(r))
		return (STEP_WAIT);
	if (r->refusal != VERDICT_ACCEPT)
		return (done(r, r->refusal));
	return (r->prep == PREP_NOBODY ? directory_not_local(r) :
	    directory_found(r));
}

/* RFC 5321 4.5.1: our postmaster always exists, if need be elsewhere. */
static enum step_status
step_postmaster(struct rcpt *r)
{
	const char	*configured = policy_settings()->postmaster;
	struct address	 a;

	if (r->forwarded)
		return (step_directory(r));
	if (!r->postmaster)
		return (STEP_NEXT);
	if (address_parse(configured, strlen(configured), ADDRESS_UTF8_OK,
	    &a) == ADDRESS_OK && rcpt_prepare_retarget(r, &a) == -1)
		return (done(r, VERDICT_TEMPFAIL));
	/* unchanged, or changed to itself */
	if (is_own_postmaster(r))
		return (postmaster_fault(r, "leads nowhere"));
	r->forwarded = 1;
	trace_step(r->session->trace, "postmaster", r->key, NULL);
	if (step_again(r) == STEP_DONE)
		return (STEP_DONE);
	return (step_directory(r));
}

/* A setting that is yes or no; STEP_NEXT when *truth has it. */
static enum step_status
step_truth(struct rcpt *r, enum policy_setting set, int *truth)
{
	switch (eval_truth(&r->q.eval, set, truth)) {
	case EVAL_READY:
		return (STEP_NEXT);
	case EVAL_WAIT:
		return (STEP_WAIT);
	case EVAL_FAULT:
		return (done(r, VERDICT_CONFIG));
	default:
		return (done(r, VERDICT_TEMPFAIL));
	}
}

/* Asked for what is neither ours nor known to go onward. */
static enum step_status
step_relay(struct rcpt *r)
{
	enum step_status	 status;
	int			 truth;

	if (r->route == ROUTE_LOCAL || r->forwarded ||
	    rcpt_is_found(r, RESOLVE_RELAY))
		return (STEP_NEXT);
	if ((status = step_truth(r, SET_RCPT_RELAY, &truth)) != STEP_NEXT)
		return (status);
	trace_step(r->session->trace, "relay", truth ? "yes" : "no", NULL);
	return (truth ? STEP_NEXT : done(r, VERDICT_RELAY));
}

/* From here on the sender that a script made is that of the message. */
static int
accept_sender(struct rcpt *r)
{
	struct tx	*tx = r->session->tx;
	char		*key;

	if (r->sender_key == NULL)
		return (0);
	if ((key = strdup(r->sender_key)) == NULL)
		return (-1);
	free(tx->sender_key);
	tx->sender_key = key;
	tx->sender = r->sender;
	return (0);
}

/* What else stands in the way is known: only for what can be delivered. */
static enum step_status
step_greylist(struct rcpt *r)
{
	enum step_status	 status;
	int			 truth;

	if (!grey_begun(&r->grey)) {
		if (r->forwarded || grey_exempt(r->session, r->key))
			return (STEP_NEXT);
		status = step_truth(r, SET_GREYLIST_WHEN, &truth);
		if (status != STEP_NEXT || !truth)
			return (status);
	}
	switch (grey_take(&r->grey, r->key)) {
	case GREY_PASS:
		trace_step(r->session->trace, "greylist", "passed", NULL);
		return (STEP_NEXT);
	case GREY_WAIT:
		return (STEP_WAIT);
	case GREY_LATER:
		trace_step(r->session->trace, "greylist", "waits", NULL);
		return (done(r, VERDICT_GREYLIST));
	default:
		return (done(r, VERDICT_TEMPFAIL));
	}
}

static enum step_status
step_throttle(struct rcpt *r)
{
	switch (rcpt_throttle(r)) {
	case THROTTLED_NO:
		return (STEP_NEXT);
	case THROTTLED_WAIT:
		return (STEP_WAIT);
	case THROTTLED_YES:
		return (done(r, VERDICT_THROTTLED));
	case THROTTLED_FAULT:
		return (done(r, VERDICT_CONFIG));
	default:
		return (done(r, VERDICT_TEMPFAIL));
	}
}

static enum step_status
step_accept(struct rcpt *r)
{
	if (accept_sender(r) == -1)
		return (done(r, VERDICT_TEMPFAIL));
	if (rcptset_add(&r->session->tx->accepted, r->key) == -1)
		return (done(r, VERDICT_TEMPFAIL));
	r->key = NULL;		/* the set's now */
	if (rcpt_is_found(r, RESOLVE_DISCARD) || r->session->tx->discard)
		return (done(r, VERDICT_DISCARD));
	return (done(r, VERDICT_ACCEPT));
}

static const struct {
	const char		*name;
	enum step_status	(*run)(struct rcpt *);
} steps[] = {
	{ "sequence",	step_sequence },
	{ "limit",	step_limit },
	{ "duplicate",	step_duplicate },
	{ "harvest",	step_harvest },
	{ "script",	step_script },
	{ "rewrite",	step_rewrite },
	{ "duplicate",	step_again },
	{ "directory",	step_directory },
	{ "postmaster",	step_postmaster },
	{ "relay",	step_relay },
	{ "throttle",	step_throttle },
	{ "greylist",	step_greylist },
	{ "accept",	step_accept },
};

int
stage_rcpt(struct rcpt *r)
{
	/* the last step always decides */
	for (;; r->step++)
		switch (steps[r->step].run(r)) {
		case STEP_NEXT:
			break;
		case STEP_WAIT:
			return (0);
		case STEP_DONE:
			return (1);
		}
}

const char *
stage_rcpt_name(const struct rcpt *r)
{
	return (steps[r->step].name);
}
