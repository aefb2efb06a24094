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
 * The process: its route table, and jobs on their way from the queue
 * through the threads and back.
 */

#include <fcntl.h>
#include <unistd.h>

#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/base/template.h"
#include "smtpd/base/worker.h"
#include "smtpd/deliver/deliver.h"
#include "smtpd/deliver/delivery.h"
#include "smtpd/deliver/maildir.h"
#include "smtpd/deliver/mailroot.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_conf.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_deliver.h"
#include "smtpd/msg/msg_parent.h"

#define DELIVER_USER	"_smtpmail"
#define DELIVER_THREADS	4
#define DELIVER_JOBS_MAX 1024	/* descriptors; the queue keeps to fewer */

static struct deliver_conf	 conf;
static int			 configured;
static int			 root = -1;
static struct worker		*workers;
static uint64_t			 queue_life;	/* which queue process */
static uint64_t			 counts[DELIVER_STATUS_COUNT];

static void
deliver_answer(const struct delivery *d, const struct deliver_answer *ans)
{
	struct wbuf	 w;

	counts[ans->status]++;
	/* a new queue process numbers its own questions from the start */
	if (d->life != queue_life)
		return;
	wbuf_init(&w);
	msg_put_deliver_answer(&w, ans);
	/* a queue that has died meanwhile asks again */
	(void)proc_send(PROC_QUEUE, 0, MSG_DELIVER_DONE_ANSWER, d->question,
	    -1, &w);
}

static void
deliver_note_usage(const struct delivery *d)
{
	struct wbuf	 w;

	if (!d->result.counted)
		return;
	wbuf_init(&w);
	msg_put_usage(&w, &d->usage);
	/* lookup hears it with the next delivery */
	(void)proc_send(PROC_LOOKUP, 0, MSG_DELIVER_USAGE_NOTE, 0, -1, &w);
}

static void
deliver_done(void *arg)
{
	struct delivery		*d = arg;
	struct deliver_answer	 ans;

	delivery_finish(d, &ans);
	deliver_note_usage(d);
	deliver_answer(d, &ans);
	delivery_free(d);
}

static void
deliver_run(void **jobs, size_t n)
{
	size_t	 i;

	for (i = 0; i < n; i++)
		delivery_run(jobs[i]);
}

static int
deliver_ask(struct proc_msg *m)
{
	struct deliver_answer	 ans;
	struct delivery		*d;

	if (workers == NULL)
		return (-1);
	if ((d = delivery_new(m, &conf, root)) == NULL)
		return (-1);
	d->life = queue_life;
	if (worker_busy(workers) >= DELIVER_JOBS_MAX ||
	    delivery_prepare(d, &conf) == -1) {
		delivery_finish(d, &ans);
		deliver_answer(d, &ans);
		delivery_free(d);
		return (0);
	}
	worker_add(workers, d);
	return (0);
}

static void
deliver_peer(enum proc_id id, unsigned int inst, int up)
{
	if (id == PROC_QUEUE)
		queue_life++;
}

static int
deliver_conf(struct proc_msg *m)
{
	char	 why[256];

	if (configured || msg_get_deliver_conf(&m->body, &conf) == -1)
		return (-1);
	if (template_check(conf.maildir, why, sizeof(why)) == -1)
		fatalx("deliver maildir \"%s\" %s", conf.maildir, why);
	configured = 1;
	return (0);
}

static int
deliver_start(struct proc_msg *m)
{
	struct sandbox_path	 path;
	struct start_note	 start;
	char			 dir[CONF_PATH_MAX + 1];

	if (!configured || workers != NULL ||
	    msg_get_start(&m->body, &start) == -1)
		return (-1);
	(void)priv_files();
	if (template_root(conf.maildir, dir, sizeof(dir)) == -1)
		fatalx("deliver maildir: path too long");
	root = mailroot_open(dir, DELIVER_USER);
	/* from here on there is nothing above the mail root */
	if (fchdir(root) == -1)
		fatal("%s", dir);
	priv_drop(DELIVER_USER, ".");
	if (faccessat(root, ".", R_OK | W_OK | X_OK, AT_EACCESS) == -1)
		log_warn("%s: mail cannot be stored here by uid %u", dir,
		    (unsigned int)geteuid());
	path.path = ".";
	path.write = 1;
	sandbox_enter(PROC_DELIVER, &path, 1);
	maildir_init();
	workers = worker_start(DELIVER_THREADS, 1, deliver_run, deliver_done);
	proc_open();
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
	return (0);
}

static int
deliver_stats(struct proc_msg *m)
{
	struct wbuf	 w;

	wbuf_init(&w);
	row_num(&w, "delivered", (int64_t)counts[DELIVER_OK]);
	row_num(&w, "deferred", (int64_t)counts[DELIVER_TEMPFAIL]);
	row_num(&w, "over_quota", (int64_t)counts[DELIVER_QUOTA]);
	row_num(&w, "refused", (int64_t)counts[DELIVER_REFUSED]);
	row_num(&w, "running", workers == NULL ? 0 :
	    (int64_t)worker_busy(workers));
	row_end(&w);
	(void)proc_answer(m, MSG_CHILD_STATS_ANSWER, -1, &w);
	return (0);
}

/* Everything this process will ever listen to. */
static const struct proc_route routes[] = {
	{ MSG_PARENT_PEER_NOTE, PROC_PARENT, PROC_FD_MUST, proc_take_peer },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT, PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK, PROC_PARENT, PROC_FD_NONE, msg_take_alive },
	{ MSG_PARENT_CONF_NOTE, PROC_PARENT, PROC_FD_NONE, deliver_conf },
	{ MSG_PARENT_START_NOTE, PROC_PARENT, PROC_FD_NONE, deliver_start },
	{ MSG_QUEUE_DELIVER_ASK, PROC_QUEUE, PROC_FD_MUST, deliver_ask },
	{ MSG_CONTROL_STATS_ASK, PROC_CONTROL, PROC_FD_NONE, deliver_stats },
};

void
deliver_main(unsigned int inst)
{
	proc_init(PROC_DELIVER, inst, 3, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_on_peer(deliver_peer);
	proc_run();
	worker_stop(workers);
	/* ended already, it sends what is left: the queue waits for that */
	proc_run();
}
