-- One of everything that SQLite 3.38 has, and whatever a text can hide from a careless reader.
CREATE TABLE plain (a INTEGER PRIMARY KEY, b TEXT UNIQUE, c, d NUMERIC(10, 2), e VARCHAR(40) NOT NULL DEFAULT 'it''s, (b) -- no');
CREATE TABLE every_type (
  i INT, ii INTEGER, t TINYINT, big BIGINT, big_too INT8, ubig UNSIGNED BIG INT, flag BOOLEAN, s VARCHAR(10), n NCHAR(5), cl CLOB, tx TEXT,
  bl BLOB, r REAL, f FLOAT, dp DOUBLE PRECISION, de DECIMAL(5,2), nu NUMERIC, d DATE, dt DATETIME, ts TIMESTAMP, tm TIME,
  js JSON, jb JSONB, u UUID, untyped, money MONEY, "quoted type" "Some ""INT"" type"
);
CREATE TABLE strict_one (a TEXT PRIMARY KEY, b ANY, c INT, d INTEGER NOT NULL, e REAL, f BLOB) STRICT;
CREATE TABLE no_rowid (a TEXT, b INT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE both (a TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE null_key (a TEXT PRIMARY KEY, b INT);
CREATE TABLE no_alias (a INTEGER PRIMARY KEY DESC);
CREATE TABLE alias_too (a INTEGER, PRIMARY KEY (a DESC));
CREATE TABLE int_key (a INT PRIMARY KEY);
CREATE TABLE counted (id INTEGER CONSTRAINT the_key PRIMARY KEY AUTOINCREMENT, x);
CREATE TABLE "odd ""table, (x)" (
  id INTEGER PRIMARY KEY, -- a comment, with a (
  [a "(b] TEXT, /* CHECK (no) , */
  `back``tick` TEXT COLLATE NOCASE,
  'string name' INT CHECK ("string name" > 0 AND 'a)b,''c' <> "back`tick"),
  "check" INT CONSTRAINT named_check CHECK ("check" IN (1, 2)) CHECK ("check" <> 3 /* ) */),
  g INT AS ("check" + (1)) STORED,
  h TEXT GENERATED ALWAYS AS (lower("back`tick") || ',') VIRTUAL NOT NULL,
  sign INT DEFAULT -1 NOT NULL,
  word DEFAULT NULL UNIQUE,
  at DEFAULT CURRENT_TIMESTAMP,
  pid INT REFERENCES plain ON DELETE SET NULL ON UPDATE SET DEFAULT,
  tid CONSTRAINT "the fk" REFERENCES "odd ""table, (x)" (ID) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (pid, tid)
  CONSTRAINT loud UNIQUE (sign COLLATE NOCASE, word)
  CHECK (id > 0),
  CONSTRAINT two UNIQUE ("check", sign) ON CONFLICT IGNORE,
  FOREIGN KEY (pid) REFERENCES Plain (A) NOT DEFERRABLE,
  FOREIGN KEY (pid, sign) REFERENCES no_rowid (a, b) MATCH FULL ON DELETE CASCADE DEFERRABLE
);
CREATE TABLE copied AS SELECT 1 AS one, 'x' AS two;
CREATE INDEX by_expression ON "odd ""table, (x)" (lower("back`tick") || ',x' DESC, pid COLLATE NOCASE, id DESC, "check") WHERE pid > 3 AND word <> 'WHERE';
CREATE UNIQUE INDEX in_binary ON "odd ""table, (x)" ("back`tick" COLLATE BINARY);
CREATE UNIQUE INDEX in_nocase ON "odd ""table, (x)" ("back`tick");
CREATE UNIQUE INDEX partial ON plain (b) WHERE c IS NOT NULL;
CREATE VIEW seen AS SELECT p.a, p.b, count(*) AS n, CAST(p.c AS INTEGER) AS i FROM plain p LEFT JOIN counted ON counted.id = p.a GROUP BY p.a;
CREATE VIEW "over" (one, "two ""2""") AS WITH w AS (SELECT a FROM seen) SELECT a, 'AS' FROM w, "odd ""table, (x)" WHERE 1;
CREATE TRIGGER touched AFTER UPDATE OF b ON plain WHEN NEW.b <> 'x' BEGIN UPDATE plain SET c = ';' WHERE a = NEW.a; SELECT 1; END;
CREATE TRIGGER through INSTEAD OF INSERT ON seen BEGIN INSERT INTO plain (e) VALUES (NEW.b); END;
CREATE VIRTUAL TABLE found USING fts5(title, body, tokenize = 'porter ascii');
