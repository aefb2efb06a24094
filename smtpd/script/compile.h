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
 * A compilation as the files of this room see it.
 */

#ifndef COMPILE_H
#define COMPILE_H

#include <stddef.h>
#include <stdint.h>

#include "smtpd/code/emit.h"
#include "smtpd/script/args.h"
#include "smtpd/script/capability.h"
#include "smtpd/script/script.h"
#include "smtpd/script/tree.h"

struct varname;

/* A variable by name, in a script or of all scripts. */
struct variable {
	struct variable	*next;
	char		*name;		/* in lower case */
	uint32_t	 local;		/* where the machine has it */
};

/* An end of a program that is not known yet. */
struct jump {
	struct jump	*next;
	uint32_t	 at;
};

/* A script on its way, included or the main one. */
struct unit {
	struct unit		*outer;		/* that includes it, or NULL */
	const struct script_source *source;
	uint32_t		 required;	/* capabilities */
	int			 begun;		/* behind all require */
	uint32_t		 maybe;		/* by ihave, at run time */
	uint32_t		 flags[CAP_COUNT]; /* locals of those */
	unsigned int		 set;		/* of captures */
	unsigned int		 nvariables;
	struct variable		*variables;
	struct jump		*returns;
};

/* A duplicate whose id is kept when the run ends well: RFC 7352 3.1. */
struct mark {
	struct mark	*next;
	uint32_t	 key, found;	/* locals; the key is "" until then */
	int64_t		 time;		/* ms that it is kept for */
	int		 last;		/* from the last time on */
};

struct compile {
	const struct script_world *world;
	struct emit		*emit;
	struct unit		*unit;
	struct variable		*globals;
	struct variable		*included;	/* flags, by script */
	struct jump		*stops;
	struct mark		*marks;
	unsigned int		 nerrors;
	uint32_t		 nlocals;
	uint8_t			*kinds;		/* of each local: KIND_* of
						   what it was set to so far */
	unsigned int		 nunits, depth;
};

/* A command or test with its arguments, as the table says. */
struct command {
	const char	*name;
	int		 forms;		/* FORM_* */
	uint32_t	 caps;		/* one of these is needed, or 0 */
	unsigned int	 groups;	/* of tags that it takes */
	const char	*params;	/* s string, l strings, n number; those
					   behind '?' may be left out */
	/* Writes the program: a test leaves a value, a command nothing. */
	void		(*write)(struct compile *, const struct call *);
};

/* For "%.*s": a name in a message. */
#define SHOW(len)	((int)((len) > 64 ? 64 : (len)))

#define FORM_COMMAND	0x01
#define FORM_TEST	0x02

/* script.c */
void	 compile_error(struct compile *, const struct script_place *,
	    const char *, ...) __attribute__((format(printf, 3, 4)));
struct code_pos compile_pos(struct compile *,
	    const struct script_place *);
void	 compile_op(struct compile *, enum code_op, unsigned int n,
	    uint32_t arg, const struct script_place *);
void	 compile_number(struct compile *, int64_t,
	    const struct script_place *);	/* pushes it */
void	 compile_string(struct compile *, const char *, size_t len,
	    const struct script_place *);	/* the same */
uint32_t compile_local(struct compile *);	/* a new one */
void	 compile_jump(struct compile *, struct jump **, enum code_op,
	    const struct script_place *);
void	 compile_land(struct compile *, struct jump **); /* all of them */

/* unit.c: one script, from its first command to its last */
void	 unit_write(struct compile *, const struct script_source *,
	    const struct script_place *from);
/*
 * Is one of these capabilities there?  What only ihave may have found is
 * checked at run time.  Without there is an error that says what needs it:
 * in a script with ihave at run time (RFC 5463 4).  1 when there is.
 */
int	 unit_need(struct compile *, uint32_t caps, const char *what,
	    const struct script_place *);
int	 unit_has(const struct compile *, uint32_t caps);
/* An error of what is not known, at run time in a script with ihave. */
void	 unit_unknown(struct compile *, const struct script_place *,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void	 unit_require(struct compile *, const struct call *);

/* command.c: forms is what is looked for */
const struct command *command_find(const char *name, int form);

/* block.c */
void	 block_write(struct compile *, const struct node *);
void	 block_test(struct compile *, const struct node *);

/*
 * text.c: strings, and what is in them.  Each write pushes one value, a
 * string or, of a list, a string or an array.  What is one variable and no
 * more may be a number too.
 */
void	 text_write(struct compile *, const struct arg *);
void	 text_write_list(struct compile *, const struct arg *);
/* What a string may be: KIND_*, never an array. */
unsigned int text_kinds(struct compile *, const struct arg *);
/* Is it the same in every run, and all strings of a list too? */
int	 text_is_constant(struct compile *, const struct arg *);
/*
 * The octets of a string that is constant, terminated, the caller's to
 * free; NULL when it is none, which has been reported.
 */
char	*text_constant(struct compile *, const struct arg *, size_t *len);

/* name.c */
/* Where it is kept; what is new is empty. */
uint32_t name_variable(struct compile *, const char *, size_t len,
	    const struct script_place *);
/* Push what ${name} stands for. */
void	 name_write(struct compile *, const struct varname *,
	    const struct script_place *);
/* The KIND_* that it may have; 0: no such name, or never set up to here. */
unsigned int name_kinds(const struct compile *, const struct varname *);
/* The nth name that has some, for messages; NULL behind the last. */
const char *name_nth(const struct compile *, unsigned int n);
/* Set it to what is on the stack, which is of one of these kinds. */
void	 name_set(struct compile *, const struct arg *, unsigned int kinds);
/* The same, by a list of names that stand for all scripts. */
void	 name_global(struct compile *, const struct call *);
/* A flag that is the same for all units, by a name. */
struct variable *name_find(struct variable *, const char *, size_t len);
struct variable *name_add(struct compile *, struct variable **, const char *,
	    size_t len);

/*
 * known.c: what the server knows, by names without the "env." or "envelope."
 * in front of them.
 */
void	 known_environment(struct compile *, const char *, size_t len,
	    const struct script_place *);	/* pushes it */
void	 known_envelope(struct compile *, const char *, size_t len,
	    const struct script_place *);	/* the same */
unsigned int known_kinds(const char *, size_t len);	/* of env.; or 0 */
const char *known_nth(unsigned int n);			/* all of it */

/* Commands and tests, by their files. */
void	 control_stop(struct compile *, const struct call *);
void	 control_return(struct compile *, const struct call *);
void	 control_include(struct compile *, const struct call *);
void	 action_keep(struct compile *, const struct call *);
void	 action_discard(struct compile *, const struct call *);
void	 action_reject(struct compile *, const struct call *);
void	 action_set(struct compile *, const struct call *);
void	 action_let(struct compile *, const struct call *);
void	 action_error(struct compile *, const struct call *);
void	 test_eval(struct compile *, const struct call *);
void	 test_true(struct compile *, const struct call *);
void	 test_false(struct compile *, const struct call *);
void	 test_ihave(struct compile *, const struct call *);
void	 test_size(struct compile *, const struct call *);
void	 test_string(struct compile *, const struct call *);
void	 test_envelope(struct compile *, const struct call *);
void	 test_environment(struct compile *, const struct call *);
void	 test_currentdate(struct compile *, const struct call *);
/* Of a message, which there is not: the arguments are checked. */
void	 test_message(struct compile *, const struct call *);
/* Values are on the stack: are any in a list of those that keys name? */
void	 match_lists(struct compile *, const struct call *,
	    const struct arg *keys);
void	 test_valid_list(struct compile *, const struct call *);
void	 test_duplicate(struct compile *, const struct call *);
void	 duplicate_end(struct compile *, const struct script_place *);
void	 test_key_get(struct compile *, const struct call *);
void	 action_key_set(struct compile *, const struct call *);
void	 test_counter(struct compile *, const struct call *);
void	 test_greylist(struct compile *, const struct call *);
void	 test_local_domain(struct compile *, const struct call *);
void	 test_local_address(struct compile *, const struct call *);
void	 test_dns_query(struct compile *, const struct call *);
void	 test_query(struct compile *, const struct call *);
void	 action_query(struct compile *, const struct call *);

#endif
