# smtpd: GNU make 4.0 or later, and bmake.
#
#	make			build smtpd/smtpd and control/smtpctl
#	make quickstart		a running server with a first message in it
#	make test		everything; CFLAGS and LDFLAGS may add sanitizers,
#				FLOORS says which tests (regress/run.sh)

PREFIX?=	/usr/local
SBINDIR?=	$(PREFIX)/sbin
MANDIR?=	$(PREFIX)/share/man
SYSCONFDIR?=	/etc/smtpd
EXAMPLEDIR?=	$(PREFIX)/share/examples/smtpd

FLOORS?=	all
CC?=		cc
YACC?=		yacc
CFLAGS?=	-O2 -g
WARN=		-Wall -Wextra -Wpointer-arith -Wshadow -Wstrict-prototypes \
		-Wmissing-prototypes -Wmissing-declarations -Wcast-qual \
		-Wwrite-strings -Wundef -Wvla -Wformat=2 \
		-Wno-unused-parameter
HARDEN=		-fstack-protector-strong -fPIE
CPPFLAGS_ALL=	-std=c11 -D_GNU_SOURCE -I. $(CFLAGS_PQ) \
		-DSYSCONFDIR='"$(SYSCONFDIR)"'
COMPILE=	$(CC) $(CPPFLAGS_ALL) $(WARN) $(HARDEN) $(CFLAGS)
LINK=		$(CC) $(CFLAGS) -pie -Wl,-z,relro,-z,now $(LDFLAGS)

LIBS_EVENT!=	pkg-config --libs libevent_core 2>/dev/null || \
		echo -levent_core
LIBS_BSD!=	pkg-config --libs libbsd 2>/dev/null || echo -lbsd
LIBS_IDN!=	pkg-config --libs libidn2 2>/dev/null || echo -lidn2
LIBS_ZLIB!=	pkg-config --libs zlib 2>/dev/null || echo -lz
LIBS_CARES!=	pkg-config --libs libcares 2>/dev/null || echo -lcares
LIBS_TLS!=	pkg-config --libs libtls libssl libcrypto 2>/dev/null || \
		echo -ltls -lssl -lcrypto
LIBS_MD!=	pkg-config --libs libmd 2>/dev/null || echo -lmd
LIBS_PCRE!=	pkg-config --libs libpcre2-8 2>/dev/null || echo -lpcre2-8
LIBS_SQLITE!=	pkg-config --libs sqlite3 2>/dev/null || echo -lsqlite3
LIBS_PQ!=	pkg-config --libs libpq 2>/dev/null || echo -lpq
CFLAGS_PQ!=	pkg-config --cflags libpq 2>/dev/null || echo
LIBS_SECCOMP!=	pkg-config --libs libseccomp 2>/dev/null || echo -lseccomp
LIBS=		$(LIBS_EVENT) $(LIBS_MD) $(LIBS_BSD) $(LIBS_IDN) $(LIBS_ZLIB) \
		$(LIBS_PCRE) $(LIBS_SECCOMP) $(LIBS_CARES) $(LIBS_TLS) \
		$(LIBS_SQLITE) $(LIBS_PQ) \
		-ldb-5.3 -lcrypt -lpthread

# Rooms.  A test links the ground floor and the room under test.
BASE_SRC!=	echo smtpd/base/*.c
SMTP_SRC!=	echo smtpd/smtp/*.c
SIEVE_SRC!=	echo smtpd/sieve/*.c
CODE_SRC!=	echo smtpd/code/*.c
SCRIPT_SRC!=	echo smtpd/script/*.c
MSG_SRC!=	echo smtpd/msg/*.c
FRONT_SRC!=	echo smtpd/front/*.c
KEYS_SRC!=	echo smtpd/keys/*.c
HASH_SRC!=	echo smtpd/hash/*.c
POLICY_SRC!=	echo smtpd/policy/*.c
QUEUE_SRC!=	echo smtpd/queue/*.c
DELIVER_SRC!=	echo smtpd/deliver/*.c
RELAY_SRC!=	echo smtpd/relay/*.c
SQL_SRC!=	echo smtpd/sql/*.c
LOOKUP_SRC!=	echo lookup/*.c
CONF_SRC!=	echo smtpd/conf*.c
PARENT_SRC=	smtpd/smtpd.c smtpd/parent.c smtpd/child.c smtpd/child_conf.c \
		smtpd/edge.c smtpd/listen.c smtpd/pki.c smtpd/reload.c \
		smtpd/reload_diff.c smtpd/generation.c smtpd/aspect.c \
		smtpd/preflight.c smtpd/trial.c
CONTROL_SRC=	control/control.c control/client.c control/command.c \
		control/command_list.c control/command_greylist.c \
		control/command_directory.c \
		control/command_explain.c control/command_trace.c
SMTPCTL_SRC=	control/smtpctl.c control/smtpctl_directory.c \
		control/smtpctl_live.c control/smtpctl_explain.c \
		control/smtpctl_encrypt.c control/smtpctl_metrics.c \
		control/smtpctl_monitor.c \
		control/smtpctl_trace.c \
		control/smtpctl_say.c control/smtpctl_check.c \
		control/check_trial.c control/check_gather.c \
		control/check_compare.c control/check_say.c control/ctl.c \
		control/show.c control/show_text.c
UNIT_SRC!=	echo regress/unit/*.c
FUZZ_SRC!=	echo regress/fuzz/*.c
HEADERS!=	find smtpd lookup control regress -name '*.h'

GROUND=		$(BASE_SRC:.c=.o) $(SMTP_SRC:.c=.o) $(SIEVE_SRC:.c=.o) \
		$(CODE_SRC:.c=.o) $(MSG_SRC:.c=.o)
FRONT=		$(FRONT_SRC:.c=.o)
KEYS=		$(KEYS_SRC:.c=.o)
HASH=		$(HASH_SRC:.c=.o)
POLICY=		$(POLICY_SRC:.c=.o)
QUEUE=		$(QUEUE_SRC:.c=.o)
DELIVER=	$(DELIVER_SRC:.c=.o)
RELAY=		$(RELAY_SRC:.c=.o)
SQL=		$(SQL_SRC:.c=.o)
LOOKUP=		$(LOOKUP_SRC:.c=.o)
SCRIPT=		$(SCRIPT_SRC:.c=.o)
CONF=		$(CONF_SRC:.c=.o) smtpd/parse.o $(SCRIPT)
CONTROL=	$(CONTROL_SRC:.c=.o)
CTL=		control/ctl.o control/show.o control/show_text.o
SMTPD=		$(PARENT_SRC:.c=.o) $(CONF) $(FRONT) $(KEYS) $(HASH) $(POLICY) \
		$(QUEUE) $(DELIVER) $(RELAY) $(SQL) $(LOOKUP) $(CONTROL) \
		$(GROUND)
SMTPCTL=	$(SMTPCTL_SRC:.c=.o) $(LOOKUP) $(GROUND)
MAN8=		man/smtpd.8 man/smtpctl.8
MAN5=		man/smtpd.conf.5 man/smtpd-directory.5 man/smtpd-queue.5 \
		man/smtpd-sieve.5
MAN7=		man/smtpd-internals.7

.SUFFIXES: .c .o

all: smtpd/smtpd control/smtpctl

smtpd/smtpd: $(SMTPD)
	$(LINK) -o $@ $(SMTPD) $(LIBS)

control/smtpctl: $(SMTPCTL)
	$(LINK) -o $@ $(SMTPCTL) $(LIBS)

.c.o:
	$(COMPILE) -c -o $@ $<

smtpd/parse.c: smtpd/parse.y
	$(YACC) -o $@ smtpd/parse.y

# any header rebuilds all: a few seconds
$(SMTPD) $(SMTPCTL): $(HEADERS)

# Tests: small programs first, then the driver.
regress/bin/.built: $(SMTPD) $(SMTPCTL) $(UNIT_SRC) $(FUZZ_SRC) \
    regress/chat.c regress/fault.c regress/port.c regress/relayer.c \
    regress/bench/load.c regress/bench/null.c regress/bench/shake.c \
    regress/build.sh
	COMPILE="$(COMPILE)" LINK="$(LINK)" LIBS="$(LIBS)" \
	    GROUND="$(GROUND)" FRONT="$(FRONT)" KEYS="$(KEYS)" HASH="$(HASH)" \
	    POLICY="$(POLICY)" \
	    QUEUE="$(QUEUE)" DELIVER="$(DELIVER)" RELAY="$(RELAY)" SQL="$(SQL)" \
	    LOOKUP="$(LOOKUP)" CONF="$(CONF)" CONTROL="$(CONTROL)" \
	    CTL="$(CTL)" sh regress/build.sh
	touch $@

tests: all regress/bin/.built

test:
	sh regress/deps.sh test
	$(MAKE) -j 4 tests
	COMPILE="$(COMPILE)" sh regress/run.sh $(FLOORS)

test-quick:
	sh regress/deps.sh test
	$(MAKE) -j 4 tests
	sh regress/run.sh quick

bench:
	sh regress/deps.sh test
	$(MAKE) -j 4 tests
	sh regress/bench/run.sh

# half an hour: not part of the tests
testssl:
	sh regress/deps.sh testssl
	$(MAKE) -j 4 tests
	sh regress/testssl.sh

quickstart:
	sh regress/deps.sh quickstart
	$(MAKE) -j 4 all
	sh regress/quickstart.sh start

quickstart-stop:
	sh regress/quickstart.sh stop

# what the programs need; make test installs what tests need itself
deps:
	sh regress/deps.sh build

headers:
	COMPILE="$(COMPILE)" sh regress/headers.sh

style:
	sh regress/style.sh

lint-man:
	sh regress/deps.sh test
	sh regress/lint-man.sh

install: all
	install -d -m 755 $(DESTDIR)$(SBINDIR) $(DESTDIR)$(MANDIR)/man5 \
	    $(DESTDIR)$(MANDIR)/man7 $(DESTDIR)$(MANDIR)/man8 \
	    $(DESTDIR)$(SYSCONFDIR) $(DESTDIR)$(EXAMPLEDIR)/sieve
	install -m 755 smtpd/smtpd $(DESTDIR)$(SBINDIR)/smtpd
	install -m 755 control/smtpctl $(DESTDIR)$(SBINDIR)/smtpctl
	install -m 644 $(MAN5) $(DESTDIR)$(MANDIR)/man5
	install -m 644 $(MAN7) $(DESTDIR)$(MANDIR)/man7
	install -m 644 $(MAN8) $(DESTDIR)$(MANDIR)/man8
	install -m 644 examples/*.* $(DESTDIR)$(EXAMPLEDIR)
	sed 's|/usr/local/sbin|$(SBINDIR)|' examples/smtpd.service \
	    >$(DESTDIR)$(EXAMPLEDIR)/smtpd.service
	install -m 644 examples/sieve/* $(DESTDIR)$(EXAMPLEDIR)/sieve
	test -e $(DESTDIR)$(SYSCONFDIR)/smtpd.conf || \
	    install -m 644 examples/smtpd.conf $(DESTDIR)$(SYSCONFDIR)
	@echo "smtpd wants six users; where they are missing:"
	@for u in _smtpd _smtpdb _smtpq _smtpmail _smtpk _smtpsql; do \
	    echo "	useradd -r -U -M -d /var/empty -s /usr/sbin/nologin $$u"; \
	done
	@echo "and an empty directory: install -d -m 755 /var/empty"

uninstall:
	rm -f $(DESTDIR)$(SBINDIR)/smtpd $(DESTDIR)$(SBINDIR)/smtpctl
	for m in $(MAN5) $(MAN7) $(MAN8); do \
	    n=$${m#man/}; rm -f $(DESTDIR)$(MANDIR)/man$${n##*.}/$$n; done
	for e in examples/*.* examples/sieve/*; do \
	    rm -f $(DESTDIR)$(EXAMPLEDIR)/$${e#examples/}; done
	rmdir $(DESTDIR)$(EXAMPLEDIR)/sieve $(DESTDIR)$(EXAMPLEDIR) \
	    2>/dev/null || true

clean:
	rm -rf regress/bin
	rm -f smtpd/smtpd control/smtpctl smtpd/parse.c
	find smtpd lookup control regress -name '*.o' -exec rm -f {} +

.PHONY: all tests test test-quick bench testssl quickstart quickstart-stop deps \
	headers style lint-man install uninstall clean
