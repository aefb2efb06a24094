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
 * The process: its route table.  It has no file, no socket but its pipes,
 * and never tells a key.
 */


#include <openssl/crypto.h>

#include <string.h>

#include "smtpd/base/log.h"
#include "smtpd/base/priv.h"
#include "smtpd/base/proc.h"
#include "smtpd/base/sandbox.h"
#include "smtpd/keys/keyring.h"
#include "smtpd/keys/keys.h"
#include "smtpd/msg/msg.h"
#include "smtpd/msg/msg_control.h"
#include "smtpd/msg/msg_keys.h"
#include "smtpd/msg/msg_parent.h"

#define KEYS_USER	"_smtpk"
#define KEYS_ROOT	"/var/empty"

static int	 started;
static uint64_t	 nsigned, nrefused;

static int
keys_take_key(struct proc_msg *m)
{
	struct pem_note	 note;
	char		 name[KEYS_NAME_MAX + 1];

	if (msg_get_pem(&m->body, &note, KEYS_KEY_MAX) == -1)
		return (-1);
	memcpy(name, note.name, sizeof(name));
	if (keyring_take(&note) == -1) {
		log_warnx("pki %s: the key cannot be used", name);
		return (-1);
	}
	return (0);
}

static int
keys_take_sign(struct proc_msg *m)
{
	static struct sign_ask		 ask;
	static struct sign_answer	 a;
	struct wbuf			 w;

	if (!started || msg_get_sign_ask(&m->body, &ask) == -1)
		return (-1);
	if (keyring_sign(&ask, &a) == 0)
		nsigned++;
	else {
		nrefused++;
		a.len = 0;
		log_warnx("nothing signed for front %u", m->inst);
	}
	wbuf_init(&w);
	msg_put_sign_answer(&w, &a);
	(void)proc_answer(m, MSG_KEYS_SIGN_ANSWER, -1, &w);
	return (0);
}

static int
keys_take_start(struct proc_msg *m)
{
	struct start_note	 start;

	if (started || msg_get_start(&m->body, &start) == -1)
		return (-1);
	started = 1;
	priv_drop(KEYS_USER, KEYS_ROOT);
	priv_hide();
	sandbox_enter(PROC_KEYS, NULL, 0);
	proc_open();
	(void)proc_send(PROC_PARENT, 0, MSG_CHILD_READY_NOTE, 0, -1, NULL);
	return (0);
}

static int
keys_take_stats(struct proc_msg *m)
{
	struct wbuf	 w;

	wbuf_init(&w);
	row_num(&w, "keys", (int64_t)keyring_count());
	row_num(&w, "signed", (int64_t)nsigned);
	row_num(&w, "refused", (int64_t)nrefused);
	row_end(&w);
	(void)proc_answer(m, MSG_CHILD_STATS_ANSWER, -1, &w);
	return (0);
}

/* Everything this process will ever listen to. */
static const struct proc_route	 routes[] = {
	{ MSG_PARENT_PEER_NOTE,	 PROC_PARENT,	PROC_FD_MUST,
	    proc_take_peer },
	{ MSG_PARENT_VERBOSE_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    proc_take_verbose },
	{ MSG_PARENT_ALIVE_ASK,	 PROC_PARENT,	PROC_FD_NONE,
	    msg_take_alive },
	{ MSG_PARENT_KEY_NOTE,	 PROC_PARENT,	PROC_FD_NONE,
	    keys_take_key },
	{ MSG_PARENT_START_NOTE, PROC_PARENT,	PROC_FD_NONE,
	    keys_take_start },
	{ MSG_FRONT_SIGN_ASK,	 PROC_FRONT,	PROC_FD_NONE,
	    keys_take_sign },
	{ MSG_CONTROL_STATS_ASK, PROC_CONTROL,	PROC_FD_NONE,
	    keys_take_stats },
};

void
keys_main(unsigned int inst)
{
	/* the library's settings file is not ours, and none may be read */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG |
	    OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL) != 1)
		fatalx("OpenSSL");
	proc_init(PROC_KEYS, inst, 3, routes,
	    sizeof(routes) / sizeof(routes[0]));
	proc_run();
}
