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
 * Logins: what is asked takes as long, and looks the same, whether there is
 * such a name or not.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup/asker.h"
#include "lookup/complain.h"
#include "lookup/find.h"
#include "lookup/login.h"
#include "lookup/login_hash.h"
#include "lookup/remote.h"
#include "lookup/view.h"
#include "smtpd/base/clock.h"
#include "smtpd/base/log.h"
#include "smtpd/base/xmem.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_auth.h"
#include "smtpd/msg/msg_conf.h"

/* Of what crypt(3) makes by default; nobody's, and nobody is let in by it. */
#define LOGIN_DUMMY	"$y$j9T$u9YBfVaXRkKZ7Hh5oPyDi0$"		\
			"osjCaoa5GpNzllg/PgVbCWivFJWdEi2HGFeiMoUJyy6"

/* One that waits for its hash. */
struct login {
	struct asker	 asker;
	struct view	*view;
	char		 name[SASL_NAME_MAX + 1];
};

/* What the directory says about a name. */
struct found_login {
	enum answer	 ans;
	int		 usable;	/* may log in, by secret */
	char		 secret[AUTH_SECRET_MAX + 1];
};

/* Of a directory: a secret as its accounts have them. */
struct dummy {
	const struct view *view;
	uint64_t	 version;
	char		 secret[AUTH_SECRET_MAX + 1];
};

static uint8_t		 key[SCRAM_SIZE];

_Static_assert(AUTH_SECRET_MAX == RECORD_SECRET_MAX, "a secret fits");

void
login_init(const char *state)
{
	char	 path[CONF_PATH_MAX + 16];
	int	 fd;

	(void)snprintf(path, sizeof(path), "%s/login.key", state);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK, 0600);
	if (fd == -1)
		fatal("%s", path);
	if (read(fd, key, sizeof(key)) != (ssize_t)sizeof(key)) {
		arc4random_buf(key, sizeof(key));
		if (pwrite(fd, key, sizeof(key), 0) !=
		    (ssize_t)sizeof(key) || fsync(fd) == -1)
			log_warn("%s: salts of unknown names will be others "
			    "after the next start", path);
	}
	close(fd);
}

void
login_peer(enum proc_id id, unsigned int inst, int up)
{
	if (id == PROC_HASH)
		login_hash_peer(inst, up);
}

unsigned int
login_waiting(void)
{
	return (login_hash_waiting());
}

static struct dummy *
dummy_of(const struct view *v)
{
	static struct dummy	 dummies[CONF_DIRECTORIES_MAX];
	size_t			 i;

	for (i = 0; dummies[i].view != NULL && dummies[i].view != v; i++)
		;
	dummies[i].view = v;
	return (&dummies[i]);
}

static void
login_find(struct view *v, const char *name, struct found_login *f)
{
	struct account_record	 a;

	memset(f, 0, sizeof(*f));
	if ((f->ans = find_login(v, name, &a)) != ANSWER_FOUND)
		return;
	(void)strlcpy(f->secret, a.secret, sizeof(f->secret));
	/* not what only locks an account, as "!" does */
	if (view_is_sql(v) && (a.secret[0] == '$' || scram_is(a.secret)))
		(void)strlcpy(dummy_of(v)->secret, a.secret,
		    sizeof(a.secret));
	f->usable = a.secret[0] != '\0' && a.attrs.state != STATE_REJECT &&
	    (a.attrs.expires == 0 ||
	    (int64_t)clock_wall() < a.attrs.expires);
	explicit_bzero(&a, sizeof(a));
}

/*
 * The secret that a name is compared with that has none.  A directory with
 * SQL has no list of accounts: there it is the one that was seen last.
 */
static void
login_dummy(struct view *v, char secret[AUTH_SECRET_MAX + 1])
{
	struct dummy	*d = dummy_of(v);

	if (d->secret[0] == '\0' || (!view_is_sql(v) &&
	    d->version != view_version(v))) {
		if (view_is_sql(v) ||
		    find_secret(v, d->secret) != ANSWER_FOUND)
			(void)strlcpy(d->secret, LOGIN_DUMMY,
			    sizeof(d->secret));
		d->version = view_version(v);
	}
	(void)strlcpy(secret, d->secret, AUTH_SECRET_MAX + 1);
}

static void
login_answer(const struct asker *asker, enum auth_result result,
    const struct auth_scram *scram)
{
	struct login_answer	 a;
	struct wbuf		 w;

	memset(&a, 0, sizeof(a));
	a.result = result;
	if (result == AUTH_OK && scram != NULL)
		a.scram = *scram;
	wbuf_init(&w);
	msg_put_login_answer(&w, &a);
	asker_answer(asker, MSG_LOOKUP_LOGIN_ANSWER, &w);
}

static void
login_hashed(void *arg, enum auth_result result)
{
	struct login	*l = arg;

	if (result == AUTH_TEMPFAIL)
		complain(l->view, l->name, "the password cannot be checked: "
		    "its secret= is no hash, or too many are checked");
	login_answer(&l->asker, result, NULL);
	free(l);
}

static void
login_password(struct view *v, const struct auth_question *q,
    const struct found_login *f, const struct asker *asker)
{
	struct hash_ask	 ask;
	struct login	*l;

	l = xcalloc(1, sizeof(*l));
	l->asker = *asker;
	l->view = v;
	(void)strlcpy(l->name, q->name, sizeof(l->name));
	memset(&ask, 0, sizeof(ask));
	ask.never = (uint8_t)!f->usable;
	(void)strlcpy(ask.password, q->password, sizeof(ask.password));
	if (f->secret[0] != '\0')
		(void)strlcpy(ask.secret, f->secret, sizeof(ask.secret));
	else
		login_dummy(v, ask.secret);
	login_hash(&ask, login_hashed, l);
	explicit_bzero(&ask, sizeof(ask));
}

/* What a name has that has no keys; the same each time it is asked for. */
static void
scram_fake(const char *name, struct scram *s)
{
	uint8_t	 made[SCRAM_SIZE];

	memset(s, 0, sizeof(*s));
	scram_hmac(key, sizeof(key), name, strlen(name), made);
	memcpy(s->salt, made, SCRAM_SALT_LEN);
	s->saltlen = SCRAM_SALT_LEN;
	s->iterations = SCRAM_ITERATIONS;
	arc4random_buf(s->stored, sizeof(s->stored));
	arc4random_buf(s->server, sizeof(s->server));
}

static void
login_scram(const struct auth_question *q, const struct found_login *f,
    const struct asker *asker)
{
	struct auth_scram	 a;
	struct scram		 s, fake;
	int			 real;

	memset(&a, 0, sizeof(a));
	scram_fake(q->name, &fake);
	real = scram_parse(f->secret, &s) == 0;
	if (!real)
		s = fake;
	if (q->step == AUTH_SALT) {
		a.iterations = s.iterations;
		a.saltlen = s.saltlen;
		memcpy(a.salt, s.salt, s.saltlen);
		login_answer(asker, AUTH_OK, &a);
	} else
		login_answer(asker, scram_verify(&s, q->message,
		    strlen(q->message), q->proof, a.signature) && real &&
		    f->usable ? AUTH_OK : AUTH_NO, &a);
	explicit_bzero(&s, sizeof(s));
}

int
login_take(struct proc_msg *m)
{
	struct login_ask	 ask;
	struct found_login	 f;
	struct asker		 asker;
	struct view		*v;

	if (msg_get_login_ask(&m->body, &ask) == -1)
		return (-1);
	asker_init(&asker, m);
	f.ans = ANSWER_TEMPFAIL;
	if ((v = view_find(ask.directory)) != NULL)
		login_find(v, ask.q.name, &f);
	/* what is looked at again must not be hashed now */
	if (f.ans == ANSWER_TEMPFAIL || remote_is_missing())
		login_answer(&asker, AUTH_TEMPFAIL, NULL);
	else if (ask.q.step == AUTH_PASSWORD)
		login_password(v, &ask.q, &f, &asker);
	else
		login_scram(&ask.q, &f, &asker);
	explicit_bzero(&ask, sizeof(ask));
	explicit_bzero(&f, sizeof(f));
	return (0);
}
