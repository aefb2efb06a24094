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
 * Generations of the configuration, and which policies run for each.
 */

#include <string.h>

#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/wire.h"
#include "smtpd/conf.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/parent.h"

enum slot_state {
	SLOT_FREE,
	SLOT_STARTS,		/* its policies get ready */
	SLOT_CURRENT,
	SLOT_DRAINS,		/* has sessions of before */
	SLOT_ENDS		/* its policies have been told to leave */
};

static struct slot {
	enum slot_state	 state;
	uint32_t	 number;
	struct conf	*conf;
	time_t		 since;		/* when it was loaded */
	unsigned int	 policies;	/* that have not left */
	unsigned int	 ready;
} slots[PROC_SLOTS_MAX];
static unsigned int	 current;
static uint32_t		 last;		/* number */
static struct conf	*previous;

struct conf *
generation_conf(unsigned int slot)
{
	return (slots[slot].conf);
}

uint32_t
generation_number(unsigned int slot)
{
	return (slots[slot].number);
}

unsigned int
generation_slot(void)
{
	return (current);
}

struct conf *
generation_previous(void)
{
	return (previous);
}

static struct slot *
slot_of(unsigned int inst)
{
	return (&slots[inst / PROC_PAIRS_MAX]);
}

static unsigned int
slot_inst(const struct slot *s, unsigned int pair)
{
	return ((unsigned int)(s - slots) * PROC_PAIRS_MAX + pair);
}

/* Nobody needs it any more? */
static void
conf_release(struct conf *conf)
{
	size_t	 i;

	for (i = 0; i < PROC_SLOTS_MAX; i++)
		if (slots[i].conf == conf)
			return;
	if (conf != previous)
		conf_free(conf);
}

static void
slot_open(struct slot *s, struct conf *conf, enum slot_state state)
{
	memset(s, 0, sizeof(*s));
	s->state = state;
	s->conf = conf;
	s->number = ++last;
	s->since = clock_wall();
	s->policies = conf->prefork;
}

static void
slot_close(struct slot *s)
{
	struct conf	*conf = s->conf;

	memset(s, 0, sizeof(*s));
	conf_release(conf);
}

static void
slot_end(struct slot *s)
{
	unsigned int	 i, n = s->conf->prefork;

	s->state = SLOT_ENDS;
	for (i = 0; i < n; i++)
		child_leave(PROC_POLICY, slot_inst(s, i));
}

void
generation_init(struct conf *conf)
{
	slot_open(&slots[0], conf, SLOT_CURRENT);
}

static void
note_send(enum proc_id id, unsigned int inst, unsigned int retired)
{
	struct generation_note	 note;
	struct wbuf		 w;

	note.slot = (uint8_t)current;
	note.number = slots[current].number;
	note.retired = (uint8_t)retired;
	wbuf_init(&w);
	msg_put_generation(&w, &note);
	(void)proc_send(id, inst, MSG_PARENT_GENERATION_NOTE, 0, -1, &w);
}

void
generation_tell(enum proc_id id, unsigned int inst)
{
	note_send(id, inst, PROC_SLOTS_MAX);
}

static void
note_all(unsigned int retired)
{
	unsigned int	 i;

	for (i = 0; i < slots[current].conf->prefork; i++)
		note_send(PROC_FRONT, i, retired);
	note_send(PROC_CONTROL, 0, retired);
}

int
generation_begin(struct conf *conf)
{
	struct slot	*s;
	unsigned int	 i;

	for (s = slots; s < slots + PROC_SLOTS_MAX; s++)
		if (s->state == SLOT_FREE)
			break;
	if (s == slots + PROC_SLOTS_MAX)
		return (-1);
	slot_open(s, conf, SLOT_STARTS);
	for (i = 0; i < conf->prefork; i++)
		child_add(PROC_POLICY, slot_inst(s, i));
	return (0);
}

static struct slot *
slot_starting(void)
{
	struct slot	*s;

	for (s = slots; s < slots + PROC_SLOTS_MAX; s++)
		if (s->state == SLOT_STARTS)
			return (s);
	return (NULL);
}

/* The next reload wants a slot: the oldest generation ends, if need be. */
static void
slot_retire(void)
{
	struct slot	*s, *oldest = NULL;

	for (s = slots; s < slots + PROC_SLOTS_MAX; s++) {
		if (s->state == SLOT_FREE || s->state == SLOT_ENDS)
			return;
		if (s->state == SLOT_DRAINS && (oldest == NULL ||
		    s->number < oldest->number))
			oldest = s;
	}
	log_warnx("generation %u: too many have sessions, its own go on with "
	    "generation %u", oldest->number, slots[current].number);
	note_all((unsigned int)(oldest - slots));
	slot_end(oldest);
}

void
generation_commit(void)
{
	struct slot	*s = slot_starting();
	struct conf	*before = previous;

	slots[current].state = SLOT_DRAINS;
	previous = slots[current].conf;
	current = (unsigned int)(s - slots);
	s->state = SLOT_CURRENT;
	if (before != NULL)
		conf_release(before);
	child_use(s->conf);
	note_all(PROC_SLOTS_MAX);
	slot_retire();
	log_info("generation %u: in use", s->number);
}

void
generation_abort(void)
{
	struct slot	*s;

	if ((s = slot_starting()) != NULL)
		slot_end(s);
}

void
generation_ready(unsigned int inst)
{
	struct slot	*s = slot_of(inst);

	if (s->state == SLOT_STARTS && ++s->ready == s->conf->prefork)
		reload_policies(1);
}

int
generation_down(unsigned int inst)
{
	struct slot	*s = slot_of(inst);

	if (s->state != SLOT_STARTS)
		return (0);
	/* all of them: this one is down already */
	generation_abort();
	reload_policies(0);
	return (1);
}

void
generation_left(unsigned int inst)
{
	struct slot	*s = slot_of(inst);

	if (--s->policies == 0)
		slot_close(s);
}

/* Its sessions are gone; the next one has none but of now. */
void
generation_front_died(unsigned int inst)
{
	struct slot	*s;

	for (s = slots; s < slots + PROC_SLOTS_MAX; s++)
		if (s->state == SLOT_DRAINS)
			child_leave(PROC_POLICY, slot_inst(s, inst));
}

int
generation_take_drained(struct proc_msg *m)
{
	struct generation_note	 note;
	struct slot		*s;

	if (msg_get_generation(&m->body, &note) == -1)
		return (-1);
	s = &slots[note.slot];
	if (s->state == SLOT_DRAINS && s->number == note.number)
		child_leave(PROC_POLICY, slot_inst(s, m->inst));
	return (0);
}

int
generation_take_ask(struct proc_msg *m)
{
	static const char *const	 names[] = {
		[SLOT_FREE]	= "",
		[SLOT_STARTS]	= "starting",
		[SLOT_CURRENT]	= "current",
		[SLOT_DRAINS]	= "draining",
		[SLOT_ENDS]	= "leaving",
	};
	const struct slot		*s;
	struct wbuf			 w;

	wbuf_init(&w);
	for (s = slots; s < slots + PROC_SLOTS_MAX; s++) {
		if (s->state == SLOT_FREE)
			continue;
		row_num(&w, "generation", s->number);
		row_str(&w, "state", names[s->state]);
		row_num(&w, "seconds", clock_wall() - s->since);
		row_num(&w, "policies", s->policies);
		row_str(&w, "rollback", s->conf == previous ? "yes" : "");
		row_end(&w);
	}
	return (proc_answer(m, MSG_PARENT_GENERATIONS_ANSWER, -1, &w));
}
