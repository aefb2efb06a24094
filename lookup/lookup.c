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
 * The process: its route table and its start.
 */

#include <bsd/string.h>

#include <string.h>
#include <unistd.h>

#include "lookup/changes.h"
#include "lookup/expand.h"
#include "lookup/keys.h"
#include "lookup/lookup.h"
#include "lookup/greylist.h"
#include "lookup/harvest.h"
#include "lookup/lookup_directory.h"
#include "lookup/lookup_greylist.h"
#include "lookup/lookup_harvest.h"
#include "lookup/login.h"
#include "lookup/lookup_resolve.h"
#include "lookup/mark.h"
#include "lookup/memo.h"
#include "lookup/names.h"
#include "lookup/remote.h"
#include "lookup/sql.h"
#include "lookup/owner.h"
#include "lookup/state.h"
#include "lookup/throttle.h"
#include "lookup/usage.h"
#include "lookup/view.h"
#include "lookup/walk.h"
#include "lookup/work.h"
#include "smtpd/base/log.h"
#include "smtpd/base/pending.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_parent.h"
#include "smtpd/msg/msg_resolve.h"

#define LOOKUP_USER	"_smtpdb"

static struct lookup_conf	 conf;
static int			 configured, started;

/* At reload only the bounds change. */
static int
lookup_reconf(struct proc_msg *m)
{
	static struct lookup_conf	 new;

	if (msg_get_lookup_conf(&m->body, &new) == -1)
		return (-1);
	conf.max_depth = new.max_depth;
	conf.max_expansion = new.max_expansion;
	walk_bounds(conf.max_depth, conf.max_expansion);
	lookup_conf_free(&new);
	return (0);
}

static int
lookup_conf(struct proc_msg *m)
{
	if (configured)
		return (lookup_reconf(m));
	if (msg_get_lookup_conf(&m->body, &conf) == -1)
		return (-1);
	configured = 1;
	return (0);
}

/*
 * The folders that tables are renamed into, each once; tables in a folder
 * that is not there cannot be opened until the next start.
 */
static size_t
lookup_folders(struct sandbox_path *paths,
    char names[CONF_DIRECTORIES_MAX][CONF_PATH_MAX + 1])
{
	size_t	 i, j, n = 0;
	char	*slash;

	for (i = 0; i < conf.ndirectories; i++) {
		if (conf.directories[i].sql != 0)
			continue;
		(void)strlcpy(names[n], conf.directories[i].path,
		    sizeof(names[0]));
		if ((slash = strrchr(names[n], '/')) == NULL)
			fatalx("%s: not an absolute path", names[n]);
		slash[slash == names[n] ? 1 : 0] = '\0';
		for (j = 0; j < n && strcmp(names[j], names[n]) != 0; j++)
			;
		if (j < n)
			continue;
		if (access(names[n], X_OK) == -1) {
			log_warn("%s: make it, then start again", names[n]);
			continue;
		}
		paths[n].path = names[n];
		paths[n].write = 0;
		n++;
	}
	return (n);
}

static void
lookup_confine(void)
{
	static char		 names[CONF_DIRECTORIES_MAX][CONF_PATH_MAX + 1];
	struct sandbox_path	 paths[CONF_DIRECTORIES_MAX + 1];
	size_t			 n;

	state_prepare(conf.state, LOOKUP_USER);
	priv_drop(LOOKUP_USER, NULL);
	n = lookup_folders(paths, names);
	paths[n].path = conf.state;
	paths[n].write = 1;
	sandbox_enter(PROC_LOOKUP, paths, n + 1);
}

static int
lookup_start(struct proc_msg *m)
{
	struct start_note	 start;
	struct view		*v;
	unsigned int		 last;
	size_t			 i;

	if (!configured || started || msg_get_start(&m->body, &start) == -1)
		return (-1);
	lookup_confine();
	walk_bounds(conf.max_depth, conf.max_expansion);
	view_init(&conf);
	sql_init(&conf);
	remote_init(&conf);
	last = state_open(conf.state);
	keys_init(&conf);
	if (start.stuck && last != MARK_NONE && (v = view_at(last - 1)) != NULL)
		view_suspect(v);
	login_init(conf.state);
	for (i = 0; (v = view_at(i)) != NULL; i++)
		view_open_first(v);
	lookup_harvest_start(&conf.harvest);
	greylist_init(&conf.greylist);
	started = 1;
	proc_open();
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
	return (0);
}

static int
lookup_usage(struct proc_msg *m)
{
	struct usage_note	 note;

	if (msg_get_usage(&m->body, &note) == -1)
		return (-1);
	usage_note(note.directory[0] == '\0' ? conf.directories[0].name :
	    note.directory, note.account, note.octets);
	return (0);
}

static int
lookup_stats(struct proc_msg *m)
{
	static const struct {
		const char		*name;
		enum resolve_status	 status;
	} names[] = {
		{ "found",	RESOLVE_FOUND },
		{ "unknown",	RESOLVE_NONE },
		{ "not_local",	RESOLVE_NOT_LOCAL },
		{ "disabled",	RESOLVE_DISABLED },
		{ "over_quota",	RESOLVE_QUOTA },
		{ "not_known",	RESOLVE_TEMPFAIL },
	};
	const struct harvest_counts	*harvest = harvest_counts();
	const struct greylist_counts	*grey = greylist_counts();
	struct wbuf	 w;
	struct view	*v;
	size_t		 i;
	uint64_t	 changes = 0;

	for (i = 0; (v = view_at(i)) != NULL; i++)
		if (view_changes(v) != NULL)
			changes += changes_count(view_changes(v));
	wbuf_init(&w);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		row_num(&w, names[i].name,
		    (int64_t)lookup_resolve_count(names[i].status));
	row_num(&w, "walking", lookup_resolve_busy());
	row_num(&w, "expanding", expand_busy());
	row_num(&w, "mailboxes_kept", (int64_t)expand_kept());
	row_num(&w, "jobs", work_count());
	row_num(&w, "sql_questions", sql_busy());
	row_num(&w, "sql_waiting", remote_waiting());
	row_num(&w, "logins_waiting", login_waiting());
	row_num(&w, "changes", (int64_t)changes);
	row_num(&w, "keys", (int64_t)memo_totals(MEMO_KEY)->records);
	row_num(&w, "greylist",
	    (int64_t)memo_totals(MEMO_GREY)->records);
	row_num(&w, "greylist_new", (int64_t)grey->fresh);
	row_num(&w, "greylist_early", (int64_t)grey->early);
	row_num(&w, "greylist_passed", (int64_t)grey->passed);
	row_num(&w, "greylist_known", (int64_t)grey->known);
	row_num(&w, "harvest_networks", (int64_t)harvest->networks);
	row_num(&w, "harvest_errors", (int64_t)harvest->granted);
	row_num(&w, "harvest_refused", (int64_t)harvest->spent);
	row_num(&w, "harvest_bans", (int64_t)harvest->bans);
	row_num(&w, "harvest_evicted", (int64_t)harvest->evicted);
	row_num(&w, "throttled", (int64_t)memo_totals(MEMO_BUCKET)->records);
	row_end(&w);
	(void)proc_answer(m, MSG_CHILD_STATS_ANSWER, -1, &w);
	return (0);
}

/* Those that ask directories, which may be with SQL. */
static int
take_resolve(struct proc_msg *m)
{
	return (remote_take(m, lookup_resolve_take));
}

static int
take_names(struct proc_msg *m)
{
	return (remote_take(m, names_take));
}

static int
take_expand(struct proc_msg *m)
{
	return (remote_take(m, expand_take));
}

static int
take_login(struct proc_msg *m)
{
	return (remote_take(m, login_take));
}

static int
take_owner(struct proc_msg *m)
{
	return (remote_take(m, owner_take));
}

/* One of the commands asks the resolver; the others are for tables. */
static int
take_directory(struct proc_msg *m)
{
	return (lookup_directory_finds(m) ? remote_take(m,
	    lookup_directory_take) : lookup_directory_take(m));
}

/* Everything this process will ever listen to. */
static const struct proc_route routes[] = {
	{ MSG_PARENT_PEER_NOTE, PROC_PARENT, PROC_FD_MUST, proc_take_peer },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT, PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK, PROC_PARENT, PROC_FD_NONE, msg_take_alive },
	{ MSG_PARENT_CONF_NOTE, PROC_PARENT, PROC_FD_NONE, lookup_conf },
	{ MSG_PARENT_START_NOTE, PROC_PARENT, PROC_FD_NONE, lookup_start },
	{ MSG_PARENT_TABLES_NOTE, PROC_PARENT, PROC_FD_NONE,
	    lookup_tables_take },
	{ MSG_POLICY_RESOLVE_ASK, PROC_POLICY, PROC_FD_NONE,
	    take_resolve },
	{ MSG_POLICY_NAMES_ASK, PROC_POLICY, PROC_FD_NONE, take_names },
	{ MSG_POLICY_STORE_ASK, PROC_POLICY, PROC_FD_NONE, keys_take },
	{ MSG_POLICY_QUERY_ASK, PROC_POLICY, PROC_FD_NONE, sql_take },
	{ MSG_SQL_ROWS_ANSWER, PROC_SQL, PROC_FD_NONE, pending_take },
	{ MSG_POLICY_LOGIN_ASK, PROC_POLICY, PROC_FD_NONE, take_login },
	{ MSG_POLICY_OWNER_ASK, PROC_POLICY, PROC_FD_NONE, take_owner },
	{ MSG_HASH_DONE_ANSWER, PROC_HASH, PROC_FD_NONE, pending_take },
	{ MSG_POLICY_THROTTLE_ASK, PROC_POLICY, PROC_FD_NONE,
	    throttle_take },
	{ MSG_QUEUE_EXPAND_ASK, PROC_QUEUE, PROC_FD_NONE, take_expand },
	{ MSG_DELIVER_USAGE_NOTE, PROC_DELIVER, PROC_FD_NONE, lookup_usage },
	{ MSG_CONTROL_DIRECTORY_ASK, PROC_CONTROL, PROC_FD_NONE,
	    take_directory },
	{ MSG_POLICY_HARVEST_ASK, PROC_POLICY, PROC_FD_NONE,
	    lookup_harvest_take },
	{ MSG_CONTROL_HARVEST_ASK, PROC_CONTROL, PROC_FD_NONE,
	    lookup_harvest_take_list },
	{ MSG_POLICY_GREYLIST_ASK, PROC_POLICY, PROC_FD_NONE,
	    lookup_greylist_take },
	{ MSG_CONTROL_GREYLIST_ASK, PROC_CONTROL, PROC_FD_NONE,
	    lookup_greylist_take_list },
	{ MSG_CONTROL_STATS_ASK, PROC_CONTROL, PROC_FD_NONE, lookup_stats },
};

static void
lookup_peer(enum proc_id id, unsigned int inst, int up)
{
	expand_peer(id, inst, up);
	lookup_harvest_peer(id, inst, up);
	login_peer(id, inst, up);
}

void
lookup_main(unsigned int inst)
{
	proc_init(PROC_LOOKUP, inst, 3, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_on_peer(lookup_peer);
	proc_run();
	state_close();
	view_end();
}
