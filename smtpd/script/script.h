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
 * The compiler of Sieve scripts, RCPT.md 6, from text to a program of
 * smtpd/code/:
 *
 *	lex.c		octets to tokens
 *	tree.c		tokens to commands, arguments and tests
 *	capability.c	what may be required
 *	command.c	the table of commands and tests
 *	args.c		tags and arguments
 *	unit.c		one script, and what it may use
 *	block.c		lists of commands, if, tests in tests
 *	text.c		strings with references in them, and lists
 *	name.c		variables
 *	known.c		those that the server knows
 *	test.c		tests
 *	action.c	actions
 *	include.c	scripts in scripts
 *	ask.c		what is looked up elsewhere
 *	expression.c	eval and let; the expressions are the world's
 *	script.c	one run from start to end
 *
 * What a script may not do is found here, and nothing runs before all of
 * it is right.
 */

#ifndef SCRIPT_H
#define SCRIPT_H

#include <stddef.h>

struct code;
struct emit;

/* Limits; what is over one is an error. */
#define SCRIPT_SIZE_MAX		(256 * 1024)	/* octets of a script */
#define SCRIPT_STRING_MAX	(64 * 1024)	/* octets of a string */
#define SCRIPT_NAME_MAX		64	/* octets of an identifier, variable */
#define SCRIPT_BLOCKS_MAX	32	/* within each other */
#define SCRIPT_TESTS_MAX	32	/* the same */
#define SCRIPT_ARGS_MAX		32	/* of a command */
#define SCRIPT_LIST_MAX		8192	/* strings of a list */
#define SCRIPT_VARIABLES_MAX	255	/* of one script */
#define SCRIPT_INCLUDE_DEPTH	10
#define SCRIPT_INCLUDES_MAX	64	/* of all depths together */
#define SCRIPT_ERRORS_MAX	20	/* reported of a script */

/* Where something stands: lines and characters, from 1. */
struct script_place {
	const char	*file;
	int		 line, column;
};

struct script_source {
	const char		*name;
	struct script_place	 start;		/* of the text */
	const char		*text;
	size_t			 len;
};

/* Where something is looked up. */
enum script_want {
	SCRIPT_WANT_STORE,
	SCRIPT_WANT_SQL,
	SCRIPT_WANT_DIRECTORY,
	SCRIPT_WANT_LIST	/* all lists have names */
};

/*
 * What names mean in an expression of a script: its variables, and what the
 * server knows; all else is the expression's own.
 */
struct script_names {
	void	*arg;
	/* Is it one?  Then of which KIND_* its value may be. */
	int	(*is)(void *arg, const char *name, unsigned int *kinds);
	/* Push its value. */
	void	(*write)(void *arg, const char *name,
		    const struct script_place *);
	/* The nth, for messages; NULL behind the last. */
	const char *(*nth)(void *arg, unsigned int n);
};

struct script_expression {
	const char			*text;	/* terminated; any octets */
	size_t				 len;
	const struct script_place	*places; /* of each, and of the end */
	struct script_names		 names;
};

/* What surrounds the scripts of a configuration. */
struct script_world {
	const char *delims;		/* between user and detail */
	void	*arg;
	/* One error, "what, expected that". */
	void	(*report)(void *arg, const struct script_place *,
		    const char *what);
	/* That has to be there; "" is the default.  Without, it reports. */
	void	(*want)(void *arg, enum script_want, const char *name,
		    const struct script_place *);
	/* Is there a list of that name? */
	int	(*has_list)(void *arg, const char *name);
	/* The script of that name, or NULL. */
	const struct script_source *(*find)(void *arg, const char *name);
	/*
	 * The program of an expression, which leaves its value, of these
	 * KIND_*, on the stack.  0, or -1 when errors were reported: then
	 * what was written is no program.
	 */
	int	(*expression)(void *arg, struct emit *,
		    const struct script_expression *, unsigned int *kinds);
};

/* The program, the caller's to free; NULL when errors were reported. */
struct code *script_compile(const struct script_source *,
	    const struct script_world *);

#endif
