-- A directory for smtpd.conf(5), "directory NAME sql": tables for SQLite and
-- PostgreSQL, with a first domain, two accounts and a list.
--
--	sqlite3 /var/lib/smtpd/mail.sqlite < directory.sql
--	psql mail < directory.sql
--
-- Names, logins, addresses and domains are in lower case.  An address that
-- begins with '@' takes all of its domain that have none of their own.

CREATE TABLE domains (
	name		TEXT PRIMARY KEY,
	alias_of	TEXT			-- NULL: it is none
);
CREATE TABLE accounts (
	name		TEXT PRIMARY KEY,
	secret		TEXT,			-- smtpctl encrypt
	quota		BIGINT,			-- octets; NULL: none
	state		TEXT,			-- active, reject, defer, discard
	expires		TEXT			-- 2027-01-31, UTC; NULL: never
);
CREATE TABLE emails (
	address		TEXT NOT NULL,
	name		TEXT NOT NULL,		-- of the account that has it
	type		TEXT NOT NULL,		-- primary, alias or list
	PRIMARY KEY (address, name)
);
CREATE INDEX emails_name ON emails (name);

INSERT INTO domains (name) VALUES ('example.org');
INSERT INTO domains (name, alias_of) VALUES ('example.net', 'example.org');
INSERT INTO accounts (name) VALUES ('john');
INSERT INTO accounts (name, quota) VALUES ('jane', 500000000);
INSERT INTO emails VALUES ('john@example.org', 'john', 'primary');
INSERT INTO emails VALUES ('john.doe@example.org', 'john', 'alias');
INSERT INTO emails VALUES ('jane@example.org', 'jane', 'primary');
INSERT INTO emails VALUES ('sales@example.org', 'john', 'list');
INSERT INTO emails VALUES ('sales@example.org', 'jane', 'list');
