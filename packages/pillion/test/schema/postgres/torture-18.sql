-- PostgreSQL 18: virtual generated columns, named NOT NULL constraints, constraints not enforced, temporal keys.

CREATE TABLE modern (
  id integer PRIMARY KEY,
  price integer CONSTRAINT price_required NOT NULL,
  doubled integer GENERATED ALWAYS AS (price * 2) VIRTUAL,
  account_id bigint,
  CONSTRAINT modern_price CHECK (price > 0) NOT ENFORCED,
  CONSTRAINT modern_account_fkey FOREIGN KEY (account_id) REFERENCES account (id) NOT ENFORCED
);
CREATE TABLE lease (
  room integer,
  valid daterange,
  PRIMARY KEY (room, valid WITHOUT OVERLAPS)
);
CREATE TABLE lease_note (
  room integer,
  valid daterange,
  FOREIGN KEY (room, PERIOD valid) REFERENCES lease (room, PERIOD valid)
);
