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
 * PLAIN and SCRAM: the vectors of RFC 7677, both sides, and what is none.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regress/unit/check.h"
#include "smtpd/smtp/base64.h"
#include "smtpd/smtp/sasl.h"

#define NONCE	"rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define BARE	"n=user,r=rOprNGfwEbeRWgbNEkqO"
#define SERVER	"r=" NONCE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
#define BASE	"c=biws,r=" NONCE
#define PROOF	"dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
#define ANSWER	"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="

static void
keys(struct scram *s, const char *password)
{
	memset(s, 0, sizeof(*s));
	s->iterations = 4096;
	s->saltlen = (size_t)base64_decode("W22ZaJ0SNY7soEsUEjb6gQ==", 24,
	    s->salt, sizeof(s->salt));
	scram_make(s, password, strlen(password));
}

/* RFC 4231 4.2 and 4.7: a short key, and one longer than a block. */
static void
test_hmac(void)
{
	static const char	 want[] =
	    "\xb0\x34\x4c\x61\xd8\xdb\x38\x53\x5c\xa8\xaf\xce\xaf\x0b\xf1\x2b"
	    "\x88\x1d\xc2\x00\xc9\x83\x3d\xa7\x26\xe9\x37\x6c\x2e\x32\xcf\xf7";
	static const char	 want6[] =
	    "\x60\xe4\x31\x59\x1e\xe0\xb6\x7f\x0d\x8a\x26\xaa\xcb\xf5\xb7\x7f"
	    "\x8e\x0b\xc6\x21\x37\x28\xc5\x14\x05\x46\x04\x0f\x0e\xe3\x7f\x54";
	char			 key[131];
	uint8_t			 out[SCRAM_SIZE];

	memset(key, 0x0b, 20);
	scram_hmac(key, 20, "Hi There", 8, out);
	CHECK(memcmp(out, want, SCRAM_SIZE) == 0, "RFC 4231 4.2");
	memset(key, 0xaa, sizeof(key));
	scram_hmac(key, sizeof(key),
	    "Test Using Larger Than Block-Size Key - Hash Key First", 54, out);
	CHECK(memcmp(out, want6, SCRAM_SIZE) == 0, "RFC 4231 4.7");
}

/* The client's half, as RFC 5802 3 has it. */
static void
client_proof(const char *password, const char *message, uint8_t *proof)
{
	struct scram	 none;
	uint8_t		 zero[SCRAM_SIZE] = { 0 }, signature[SCRAM_SIZE];
	uint8_t		 salted[SCRAM_SIZE], u[SCRAM_SIZE], key[SCRAM_SIZE];
	uint8_t		 first[SCRAM_SALT_LEN + 4];
	unsigned int	 i, k;

	keys(&none, password);
	memcpy(first, none.salt, none.saltlen);
	memcpy(first + none.saltlen, "\0\0\0\1", 4);
	scram_hmac(password, strlen(password), first, sizeof(first), u);
	memcpy(salted, u, sizeof(salted));
	for (i = 1; i < 4096; i++) {
		scram_hmac(password, strlen(password), u, sizeof(u), u);
		for (k = 0; k < SCRAM_SIZE; k++)
			salted[k] ^= u[k];
	}
	scram_hmac(salted, sizeof(salted), "Client Key", 10, key);
	scram_hmac(none.stored, SCRAM_SIZE, message, strlen(message),
	    signature);
	CHECK(!scram_verify(&none, message, strlen(message), zero, u),
	    "no proof");
	for (k = 0; k < SCRAM_SIZE; k++)
		proof[k] = key[k] ^ signature[k];
}

static void
test_vectors(void)
{
	static const char	 message[] = BARE "," SERVER "," BASE;
	struct scram		 s;
	struct sasl_final	 f;
	uint8_t			 proof[SCRAM_SIZE], signature[SCRAM_SIZE];
	char			 text[64];

	keys(&s, "pencil");
	client_proof("pencil", message, proof);
	(void)base64_encode(proof, SCRAM_SIZE, text, sizeof(text));
	CHECK(strcmp(text, PROOF) == 0, "client: %s", text);
	CHECK(sasl_final(BASE ",p=" PROOF, strlen(BASE ",p=" PROOF), &f) == 0,
	    "final");
	CHECK(f.baselen == strlen(BASE), "%zu", f.baselen);
	CHECK(scram_verify(&s, message, strlen(message), f.proof, signature),
	    "server: the proof");
	(void)base64_encode(signature, SCRAM_SIZE, text, sizeof(text));
	CHECK(strcmp(text, ANSWER) == 0, "server: %s", text);
	client_proof("pencils", message, proof);
	CHECK(!scram_verify(&s, message, strlen(message), proof, signature),
	    "another password");
	CHECK(!scram_verify(&s, message, strlen(message) - 1, f.proof,
	    signature), "another message");
	CHECK(scram_is_password(&s, "pencil", 6), "is it");
	CHECK(!scram_is_password(&s, "Pencil", 6), "another case");
	CHECK(!scram_is_password(&s, "pencil", 5), "shorter");
}

static void
test_text(void)
{
	static const char *const	 bad[] = { "", "$", "SCRAM-SHA-256",
	    "SCRAM-SHA-256$", "{SCRAM-SHA-256}", "SCRAM-SHA-1$4096:c2FsdA==",
	    "SCRAM-SHA-256$4095:W22ZaJ0SNY7soEsUEjb6gQ==$", };
	struct scram			 s, again;
	char				 buf[SCRAM_STR_SIZE], other[300];
	char				*cut;
	size_t				 i, n;

	keys(&s, "pencil");
	CHECK(scram_parse(scram_format(&s, buf, sizeof(buf)), &again) == 0 &&
	    memcmp(&s, &again, sizeof(s)) == 0, "%s", buf);
	(void)snprintf(other, sizeof(other), "{SCRAM-SHA-256}%s", buf + 14);
	for (cut = other; (cut = strpbrk(cut, ":$")) != NULL;)
		*cut = ',';
	CHECK(scram_parse(other, &again) == 0 &&
	    memcmp(&s, &again, sizeof(s)) == 0, "%s", other);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(scram_parse(bad[i], &again) == -1, "takes %s", bad[i]);
	for (n = 0; n < strlen(buf); n++) {
		memcpy(other, buf, n);
		other[n] = '\0';
		CHECK(scram_parse(other, &again) == -1, "takes %s", other);
	}
	(void)snprintf(other, sizeof(other), "%s=", buf);
	CHECK(scram_parse(other, &again) == -1, "takes %s", other);
	(void)snprintf(other, sizeof(other), "SCRAM-SHA-256$04096%s",
	    buf + 18);
	CHECK(scram_parse(other, &again) == -1, "takes %s", other);
	(void)snprintf(other, sizeof(other), "SCRAM-SHA-256$4000000%s",
	    buf + 18);
	CHECK(scram_parse(other, &again) == -1, "takes %s", other);
}

static void
test_plain(void)
{
	static const struct {
		const char	*text;
		size_t		 len;
		int		 ok;
	} t[] = {
		{ "\0ann\0pw", 7, 0 }, { "ann\0ann\0pw", 10, 0 },
		{ "\0ann\0p", 6, 0 }, { "\0ann\0", 5, -1 },
		{ "\0\0pw", 4, -1 }, { "ann\0pw", 6, -1 }, { "", 0, -1 },
		{ "\0", 1, -1 }, { "\0\0", 2, -1 }, { "\0ann\0p\0w", 8, -1 },
		{ "\0a\nn\0pw", 7, -1 }, { "\0ann\0p\tw", 8, -1 },
		{ "\0\xc3\xa9\0\xc3\xa9", 6, 0 }, { "\0\xc3\0pw", 5, -1 },
		{ "\xff\0ann\0pw", 8, -1 }, { "\0ann\0pw\x7f", 8, -1 },
	};
	struct sasl_plain	 p;
	char			 big[SASL_NAME_MAX + SASL_PASSWORD_MAX + 8];
	size_t			 i, n = SASL_NAME_MAX, m = SASL_PASSWORD_MAX;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		CHECK(sasl_plain(t[i].text, t[i].len, &p) == t[i].ok,
		    "plain %zu", i);
	memset(big, 'x', sizeof(big));
	big[0] = big[n + 1] = '\0';
	CHECK(sasl_plain(big, n + m + 2, &p) == 0 && strlen(p.name) == n &&
	    strlen(p.password) == m, "the longest");
	CHECK(sasl_plain(big, n + m + 3, &p) == -1, "longer password");
	big[n + 1] = 'x';
	big[n + 2] = '\0';
	CHECK(sasl_plain(big, n + 10, &p) == -1, "longer name");
}

static void
test_first(void)
{
	static const struct {
		const char	*text, *name, *authzid;	/* NULL: refused */
	} t[] = {
		{ "n,," BARE, "user", "" }, { "y,," BARE, "user", "" },
		{ "n,a=ann," BARE, "user", "ann" },
		{ "n,,n=a=2Cb=3Dc,r=x", "a,b=c", "" },
		{ "n,,n=user,r=x,ext=1", "user", "" },
		{ "p=tls-unique,," BARE, NULL, NULL },
		{ "n,,m=x," BARE, NULL, NULL }, { "n,,n=user", NULL, NULL },
		{ "n,,n=,r=x", NULL, NULL }, { "n,,n=u=2c,r=x", NULL, NULL },
		{ "n,,n=u=,r=x", NULL, NULL }, { "n,,n=u=2,r=x", NULL, NULL },
		{ "n,,n=user,r=", NULL, NULL }, { "n,,r=x,n=user", NULL, NULL },
		{ "n,,n=user,r=a b", NULL, NULL }, { "n,", NULL, NULL },
		{ "n,a=,n=user,r=x", NULL, NULL }, { "n,a=b", NULL, NULL },
		{ "n", NULL, NULL }, { "", NULL, NULL }, { "n,x=1,n=u,r=x",
		NULL, NULL },
	};
	struct sasl_first	 f;
	size_t			 i;
	int			 ok;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ok = sasl_first(t[i].text, strlen(t[i].text), &f) == 0;
		CHECK(ok == (t[i].name != NULL), "%s", t[i].text);
		CHECK(!ok || (strcmp(f.name, t[i].name) == 0 &&
		    strcmp(f.authzid, t[i].authzid) == 0), "%s", t[i].text);
	}
	CHECK(sasl_first("n,," BARE, strlen("n,," BARE), &f) == 0 &&
	    f.headerlen == 3 && f.barelen == strlen(BARE) &&
	    memcmp(f.nonce, NONCE, f.noncelen) == 0 && f.noncelen == 20,
	    "the parts");
}

static void
test_final(void)
{
	static const char *const	 bad[] = { "", "c=biws", "c=biws,",
	    "c=biws,r=x", "c=biws,r=x,", "c=biws,r=x,p=", "c=biws,r=x,p=eA==",
	    "c=biws,r=x,p=" PROOF ",", "c=biws,r=x,p=" PROOF ",x=1",
	    "c=biws,p=" PROOF, "r=x,p=" PROOF, "p=" PROOF,
	    "c=biws,r=,p=" PROOF, "c=biws,r=x,x=" PROOF };
	struct sasl_final		 f;
	size_t				 i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(sasl_final(bad[i], strlen(bad[i]), &f) == -1,
		    "takes %s", bad[i]);
	CHECK(sasl_final("c=biws,r=x,y=1,p=" PROOF,
	    strlen("c=biws,r=x,y=1,p=" PROOF), &f) == 0 &&
	    f.baselen == strlen("c=biws,r=x,y=1"), "an extension");
}

static void
test_names(void)
{
	char	 buf[SASL_LIST_SIZE];

	CHECK(sasl_parse_list("plain  SCRAM-SHA-256 ") ==
	    (int)(SASL_BIT(SASL_PLAIN) | SASL_BIT(SASL_SCRAM_SHA_256)),
	    "list");
	CHECK(sasl_parse_list("") == 0, "none");
	CHECK(sasl_parse_list("PLAIN CRAM-MD5") == -1, "unknown");
	CHECK(sasl_find("PLAINX", 6) == SASL_MECH_COUNT, "longer");
	CHECK(strcmp(sasl_format_list(SASL_ALL, buf),
	    "PLAIN LOGIN SCRAM-SHA-256") == 0, "%s", buf);
}

int
main(void)
{
	test_hmac();
	test_vectors();
	test_text();
	test_plain();
	test_first();
	test_final();
	test_names();
	return (check_done("sasl"));
}
