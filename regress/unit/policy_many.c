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
 * Ten thousand recipients: the cost of one must not grow with those that
 * were accepted, nor with the sessions that are open.
 */

#include <time.h>

#include "regress/unit/policy_play.h"

#define RCPTS	10000
#define PART	1000

/* CPU seconds of the recipients from..to of session. */
static double
take(uint64_t session, unsigned int from, unsigned int to)
{
	char		 text[64];
	clock_t		 begin;
	unsigned int	 i;

	play_nasks = play_nsaid = 0;
	memset(play_asks, 0, PLAY_MAX * sizeof(*play_asks));
	begin = clock();
	for (i = from; i < to; i++) {
		(void)snprintf(text, sizeof(text), "many%u@foobar.org", i);
		(void)play_rcpt(0, session, text);
		(void)play_answer(i - from, PROC_LOOKUP);
		CHECK(play_said->rcpt.verdict == VERDICT_ACCEPT, "%s", text);
	}
	return ((double)(clock() - begin) / CLOCKS_PER_SEC);
}

int
main(void)
{
	struct policy_conf	 c;
	double			 first, last;
	uint64_t		 i;

	play_conf(&c);
	c.settings[SET_RCPT_MAX_RECIPIENTS].number = RCPTS;
	play_start(&c);
	for (i = 1; i <= RCPTS; i++)
		play_session(0, i, "", 0);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT, "MAIL");
	first = take(1, 0, PART);
	(void)take(1, PART, RCPTS - PART);
	last = take(1, RCPTS - PART, RCPTS);
	/* linear search would make it far more than this */
	CHECK(last < 5 * first + 0.01, "the first %d took %f s, the last %f",
	    PART, first, last);
	CHECK(play_decide(1, "more@foobar.org") == VERDICT_TOO_MANY,
	    "one more");
	play_id_note(0, MSG_FRONT_RESET_NOTE, 1);
	CHECK(play_mail(0, 1, "a@b.test", 0) == VERDICT_ACCEPT &&
	    play_decide(1, "many1@foobar.org") == VERDICT_ACCEPT, "again");
	for (i = 1; i <= RCPTS; i++)
		play_id_note(0, MSG_FRONT_END_NOTE, i);
	CHECK(play_decide(1, "many1@foobar.org") == VERDICT_SEQUENCE,
	    "sessions remain");
	return (check_done("policy_many"));
}
