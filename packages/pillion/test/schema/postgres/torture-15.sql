-- PostgreSQL 15: NULLS NOT DISTINCT, ON DELETE SET NULL of some columns.

CREATE TABLE tenant_document (
  tenant integer NOT NULL,
  id integer NOT NULL,
  slug text,
  PRIMARY KEY (tenant, id),
  CONSTRAINT tenant_document_slug_key UNIQUE NULLS NOT DISTINCT (tenant, slug)
);
CREATE TABLE tenant_note (
  id integer PRIMARY KEY,
  tenant integer NOT NULL,
  document integer,
  FOREIGN KEY (tenant, document) REFERENCES tenant_document (tenant, id) ON DELETE SET NULL (document)
);
CREATE UNIQUE INDEX tenant_note_once ON tenant_note (document) NULLS NOT DISTINCT;
