-- PostgreSQL 14: multiranges, SQL-standard function bodies, compression.

CREATE TABLE ranges (
  id integer PRIMARY KEY,
  days datemultirange,
  floats floatmultirange
);
CREATE FUNCTION standard_body(n integer) RETURNS bigint LANGUAGE sql STABLE RETURN (SELECT count(*) + n FROM account);
