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
 * Room-private: the parts of "smtpctl check".
 */

#ifndef CHECK_H
#define CHECK_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "smtpd/msg/msg_explain.h"

struct extsort;

/* The servers of ctl.h. */
#define CHECK_RUNNING	0
#define CHECK_TRIAL	1

/* What one of the two says of its configuration, by kinds. */
struct preflight_row {
	char		*kind, *what, *value;
};

struct preflight {
	struct preflight_row *rows;
	size_t		 n;
};

struct check {
	const char	*file;		/* of the configuration; NULL: the
					   compiled-in one */
	const char	*addresses;	/* of more addresses, or NULL */
	const char	*text;		/* of the directory to be, or NULL */
	const char	*name;		/* of that directory, "" is the first */
	int		 drop;		/* without live changes */
	int		 running;	/* there is a server to compare with */
	struct preflight old, new;
	int		 errors;	/* were found */
};

/*
 * check_say.c: on standard error, or as JSON on standard output.  An error
 * counts; a note is for those who want to read.
 */
void	 check_error(struct check *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
void	 check_warning(const char *, ...)
	    __attribute__((format(printf, 1, 2)));
void	 check_note(const char *, ...)
	    __attribute__((format(printf, 1, 2)));

/*
 * check_trial.c: a trial server in a folder of its own, in use as
 * CHECK_TRIAL.  begin makes the folder, start the server; whatever becomes
 * of us, both are gone in the end.  Exit codes; what is wrong has been said.
 */
int	 trial_begin(void);
const char *trial_table(void);		/* where a directory's may stand */
int	 trial_start(struct check *);
void	 trial_log(struct check *, int errors);	/* what it has complained of */
void	 trial_stop(void);

/*
 * check_gather.c: all addresses that there are in either directory or are
 * given, and some that are not, sorted by themselves.  An exit code.
 */
struct gathered {
	uint8_t		 side;		/* CHECK_RUNNING, CHECK_TRIAL */
	uint8_t		 is_list;
	uint32_t	 members;	/* of a list */
	uint64_t	 sum;		/* of them */
	char		 shown[EXPLAIN_PATH_MAX + 1];
};
int	 gather(struct check *, struct extsort *);
int	 gathered_get(const void *value, size_t len, struct gathered *);

/* check_compare.c: ask both, show what differs.  An exit code. */
int	 compare(struct extsort *, int *differ);

/* smtpctl_check.c: is it said there, of that kind? NULL: no. */
const struct preflight_row *preflight_find(const struct preflight *,
	    const char *kind, const char *what);

#endif
