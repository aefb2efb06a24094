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
 * Logins at the lookup process, with a hashing process that the test plays:
 * who is asked about, what strangers look like, how many may wait, and whose
 * an address is.
 */

#include "regress/unit/lookup_play.h"
#include "smtpd/base/pending.h"
#include "smtpd/msg/msg_auth.h"

#define BCRYPT	"$2b$04$y8mX8MkfFvRnCpQYRzkFzO0XZHDY5S24/GwxHnhxBXDPb/oCoUy5K"
#define OTHER	"$2b$04$y8mX8MkfFvRnCpQYRzkFzOaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEYS	"SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"		\
		"WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"		\
		"wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="

static const char	 text[] =
    "domain example.org\n"
    "domain example.net alias-of=example.org\n"
    "account anna addresses=anna@example.org\n"
    "account john addresses=john@example.org,@example.org login=J.Doe "
	"secret=" BCRYPT "\n"
    "account jane addresses=jane@example.org secret=" KEYS "\n"
    "account shut addresses=shut@example.org state=reject secret=" OTHER
	"\n"
    "account late addresses=late@example.org expires=2001-01-01 secret="
	OTHER "\n"
    "account full addresses=full@example.org quota=1 secret=" OTHER "\n"
    "alias team@example.org john@example.org,jane@example.org\n"
    "alias deep@example.org team@example.org\n"
    "alias closed@example.org john@example.org state=reject\n"
    "alias away@example.org far@away.test\n"
    "list all@example.org members=john,jane\n";

static int			 hash_up = 1;
static struct hash_ask		 hashed;	/* asked of hash last */
static uint64_t			 hash_id;
static unsigned int		 nhashed;
static struct login_answer	 login;
static struct owner_answer	 owner;
static unsigned int		 nlogins;

int
proc_peer_up(enum proc_id id, unsigned int inst)
{
	return (id == PROC_HASH && inst == 0 && hash_up);
}

static int
hear(enum proc_id to, unsigned int inst, uint32_t type, struct rbuf *r)
{
	if (type == MSG_LOOKUP_HASH_ASK) {
		CHECK(to == PROC_HASH && inst == 0, "asks another");
		hash_id = play_heard;
		nhashed++;
		return (msg_get_hash_ask(r, &hashed));
	}
	if (type == MSG_LOOKUP_OWNER_ANSWER)
		return (msg_get_owner_answer(r, &owner));
	if (type != MSG_LOOKUP_LOGIN_ANSWER)
		return (-1);
	nlogins++;
	return (msg_get_login_answer(r, &login));
}

static void
ask(enum auth_step step, const char *name, const char *password)
{
	struct login_ask	 a;
	struct wbuf		 w;

	memset(&a, 0, sizeof(a));
	(void)strlcpy(a.directory, play_in, sizeof(a.directory));
	a.q.step = step;
	(void)strlcpy(a.q.name, name, sizeof(a.q.name));
	(void)strlcpy(a.q.password, password, sizeof(a.q.password));
	wbuf_init(&w);
	msg_put_login_ask(&w, &a);
	CHECK(play_put(PROC_POLICY, MSG_POLICY_LOGIN_ASK, ++play_id, &w) == 0,
	    "ask");
}

static void
answer(enum auth_result result)
{
	struct hash_answer	 a = { result };
	struct wbuf		 w;

	wbuf_init(&w);
	msg_put_hash_answer(&w, &a);
	CHECK(play_put(PROC_HASH, MSG_HASH_DONE_ANSWER, hash_id, &w) == 0,
	    "answer");
}

/* What is hashed for a name; and the answer goes back as it is. */
static void
compares(const char *name, const char *secret, int never)
{
	unsigned int	 before = nhashed, said = nlogins;

	ask(AUTH_PASSWORD, name, "pencil");
	CHECK(nhashed == before + 1, "%s: not hashed", name);
	CHECK(hashed.never == never && strcmp(hashed.password, "pencil") ==
	    0, "%s: never %d", name, hashed.never);
	CHECK(secret == NULL ? strncmp(hashed.secret, "$2b$", 4) == 0 :
	    strcmp(hashed.secret, secret) == 0, "%s: %s", name,
	    hashed.secret);
	answer(AUTH_NO);
	CHECK(nlogins == said + 1 && login.result == AUTH_NO, "%s: no",
	    name);
}

static void
test_password(void)
{
	compares("J.Doe", BCRYPT, 0);
	compares("jane", KEYS, 0);
	compares("full", OTHER, 0);
	/* octets as they are, and the login alone */
	compares("j.doe", NULL, 1);
	compares("john", NULL, 1);
	compares("nobody", NULL, 1);
	compares("anna", NULL, 1);
	compares("shut", OTHER, 1);
	compares("late", OTHER, 1);
	ask(AUTH_PASSWORD, "jane", "pencil");
	answer(AUTH_OK);
	CHECK(login.result == AUTH_OK, "let in");
	ask(AUTH_PASSWORD, "jane", "pencil");
	answer(AUTH_TEMPFAIL);
	CHECK(login.result == AUTH_TEMPFAIL, "a secret that is none");
	play_in = "nowhere";
	ask(AUTH_PASSWORD, "jane", "pencil");
	CHECK(login.result == AUTH_TEMPFAIL, "no such directory");
	play_in = "accounts";
}

/* The key of the salts, out of its file. */
static void
fake_salt(const char *name, uint8_t salt[SCRAM_SIZE])
{
	char	 path[2048];
	uint8_t	 key[SCRAM_SIZE];
	FILE	*f;

	(void)snprintf(path, sizeof(path), "%s/login.key", play_conf.state);
	if ((f = fopen(path, "r")) == NULL ||
	    fread(key, sizeof(key), 1, f) != 1)
		fatal("%s", path);
	(void)fclose(f);
	scram_hmac(key, sizeof(key), name, strlen(name), salt);
}

static void
test_scram(void)
{
	static const char *const	 others[] = { "nobody", "J.Doe",
	    "anna", "john" };
	uint8_t				 salt[SCRAM_SIZE];
	size_t				 i;
	unsigned int			 before = nhashed;

	ask(AUTH_SALT, "jane", "");
	CHECK(login.result == AUTH_OK && login.scram.iterations == 4096 &&
	    login.scram.saltlen == 16 && login.scram.salt[0] == 0x5b,
	    "jane's salt");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		ask(AUTH_SALT, others[i], "");
		fake_salt(others[i], salt);
		CHECK(login.result == AUTH_OK && login.scram.iterations ==
		    SCRAM_ITERATIONS && login.scram.saltlen ==
		    SCRAM_SALT_LEN && memcmp(login.scram.salt, salt,
		    SCRAM_SALT_LEN) == 0, "%s: salt", others[i]);
		ask(AUTH_PROOF, others[i], "");
		CHECK(login.result == AUTH_NO, "%s: proof", others[i]);
	}
	ask(AUTH_PROOF, "jane", "");
	CHECK(login.result == AUTH_NO, "no proof");
	CHECK(nhashed == before, "hash was asked");
}

/* One is hashed, 256 wait, and the next one hears so at once. */
static void
test_queue(void)
{
	unsigned int	 i, before = nhashed, said = nlogins;

	for (i = 0; i < 257; i++)
		ask(AUTH_PASSWORD, "jane", "pencil");
	CHECK(nhashed == before + 1 && nlogins == said, "%u asked, %u said",
	    nhashed - before, nlogins - said);
	ask(AUTH_PASSWORD, "jane", "pencil");
	CHECK(nlogins == said + 1 && login.result == AUTH_TEMPFAIL,
	    "one too many waits");
	for (i = 0; i < 257; i++)
		answer(AUTH_NO);
	CHECK(nhashed == before + 257 && nlogins == said + 258,
	    "%u asked, %u said", nhashed - before, nlogins - said);
	/* it dies with one, and comes back for the next */
	ask(AUTH_PASSWORD, "jane", "pencil");
	ask(AUTH_PASSWORD, "J.Doe", "pencil");
	hash_up = 0;
	pending_peer_gone(PROC_HASH, 0);
	play_on_peer(PROC_HASH, 0, 0);
	while (nlogins == said + 258)
		play_turn();
	CHECK(nlogins == said + 259 && login.result == AUTH_TEMPFAIL,
	    "it died");
	hash_up = 1;
	play_on_peer(PROC_HASH, 0, 1);
	CHECK(strcmp(hashed.secret, BCRYPT) == 0, "the next one");
	answer(AUTH_OK);
	CHECK(login.result == AUTH_OK, "and its answer");
}

static enum auth_result
owns(const char *name, const char *address)
{
	struct resolve_ask	 a;
	struct wbuf		 w;

	play_question(&a, address);
	(void)strlcpy(a.login, name, sizeof(a.login));
	wbuf_init(&w);
	msg_put_resolve_ask(&w, &a);
	play_ask(PROC_POLICY, MSG_POLICY_OWNER_ASK, &w);
	return (owner.result);
}

static void
test_owner(void)
{
	static const struct {
		const char		*login, *address;
		enum auth_result	 result;
	} rows[] = {
		{ "J.Doe", "john@example.org", AUTH_OK },
		{ "J.Doe", "JOHN+tag@Example.NET", AUTH_OK },
		{ "J.Doe", "whoever@example.org", AUTH_OK },
		{ "J.Doe", "team@example.org", AUTH_OK },
		{ "jane", "deep@example.org", AUTH_OK },
		{ "full", "full@example.org", AUTH_OK },
		{ "late", "late@example.org", AUTH_OK },
		{ "jane", "john@example.org", AUTH_NO },
		{ "jane", "whoever@example.org", AUTH_NO },
		{ "full", "team@example.org", AUTH_NO },
		{ "J.Doe", "closed@example.org", AUTH_NO },
		{ "J.Doe", "all@example.org", AUTH_NO },
		{ "J.Doe", "away@example.org", AUTH_NO },
		{ "J.Doe", "far@away.test", AUTH_NO },
		{ "john", "john@example.org", AUTH_NO },
		{ "nobody", "john@example.org", AUTH_NO },
	};
	size_t	 i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK(owns(rows[i].login, rows[i].address) == rows[i].result,
		    "%s as %s: %d", rows[i].login, rows[i].address,
		    (int)owner.result);
	play_in = "nowhere";
	CHECK(owns("J.Doe", "john@example.org") == AUTH_TEMPFAIL,
	    "no such directory");
	play_in = "accounts";
}

static void
body(void)
{
	play_hear = hear;
	play_in = "accounts";
	play_begin(0);
	test_password();
	test_scram();
	test_queue();
	test_owner();
}

int
main(void)
{
	play_open();
	(void)play_directory_add("accounts", text);
	play_run(body);
	play_close();
	return (check_done("lookup_login"));
}
