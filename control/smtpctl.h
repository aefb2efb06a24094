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
 * Room-private: what the files of smtpctl share.
 */

#ifndef SMTPCTL_H
#define SMTPCTL_H

#include <stddef.h>
#include <stdint.h>

#include "control/ctl.h"

struct dirctl;

struct smtpctl_options {
	int		 json;		/* -j */
	int		 quiet;		/* -q */
};
extern struct smtpctl_options	 smtpctl_options;

/* One command: its words, what follows them, and who runs it. */
struct smtpctl_command {
	const char	*first;
	const char	*second;	/* or NULL */
	const char	*args;		/* for its usage, "" for none */
	int		 min, max;	/* arguments; unless it has options */
	/* argv[0] is the command's last word; an exit code */
	int		(*run)(const struct smtpctl_command *, int argc,
			    char **argv);
};

/* Say how the command is used, to standard error; returns EX_USAGE. */
int	 smtpctl_usage(const struct smtpctl_command *);

/* ctl_command, and say on standard error why it failed. */
int	 smtpctl_ask(const char *const *words, size_t n, ctl_row_cb,
	    void *arg);

/* smtpctl_directory.c: directory work with files */
int	 smtpctl_import(const struct smtpctl_command *, int, char **);
int	 smtpctl_export(const struct smtpctl_command *, int, char **);
int	 smtpctl_check(const struct smtpctl_command *, int, char **);
int	 smtpctl_diff(const struct smtpctl_command *, int, char **);

/* smtpctl_encrypt.c: passwords */
int	 smtpctl_encrypt(const struct smtpctl_command *, int, char **);

/* smtpctl_live.c: directory work in the server */
int	 smtpctl_get(const struct smtpctl_command *, int, char **);
int	 smtpctl_add(const struct smtpctl_command *, int, char **);
int	 smtpctl_delete(const struct smtpctl_command *, int, char **);
int	 live_export(const char *name);

/*
 * Where the table of the directory is: fills path, of size octets.  An exit
 * code; what is wrong has been said.
 */
int	 live_path(const char *name, char *path, size_t size);

/*
 * The live changes of the directory, as dirctl_import takes them, and the
 * serial to name in live_reopen.  *changes is from the heap.
 */
int	 live_changes(const char *name, char **changes, int64_t *serial);

/* "directory ask WHAT NAME ARG" to the server. */
int	 live_ask(const char *what, const char *name, const char *arg,
	    ctl_row_cb, void *cookie);

/* The table has been replaced: use it, and drop changes up to serial. */
int	 live_reopen(const char *name, int64_t serial);

/* smtpctl_explain.c: what the server did or would do, step by step */
int	 smtpctl_steps(const struct smtpctl_command *, int, char **);

/* smtpctl_trace.c: what happens in sessions, as it does */
int	 smtpctl_trace(const struct smtpctl_command *, int, char **);

/* smtpctl_metrics.c: the same as show stats, for Prometheus */
int	 smtpctl_metrics(const struct smtpctl_command *, int, char **);

/* smtpctl_monitor.c: what happens, in figures */
int	 smtpctl_monitor(const struct smtpctl_command *, int, char **);

/* smtpctl_check.c: what a change would do */
int	 smtpctl_preflight(const struct smtpctl_command *, int, char **);

/*
 * smtpctl_say.c: what dirctl reports, and how far it is, to standard
 * error; NULL for "what" ends the line of progress.
 */
extern const struct dirctl	 say_dirctl;
void	 say_progress(void *unused, const char *what, uint64_t done,
	    uint64_t total);

#endif
