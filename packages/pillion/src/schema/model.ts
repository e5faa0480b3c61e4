/**
 * What a database holds, as plain frozen data. Everything above reads this model;
 * nothing above reads a catalogue.
 *
 * @module
 */

/** A data type as the catalogue knows it, with the parts needed to decode and to print it. */
export type DataType = BaseType | EnumType | DomainType | ArrayType | CompositeType | RangeType

/** A built-in or extension scalar: `int4`, `text`, `timestamptz`, `citext`. */
export interface BaseType {
  readonly kind: 'base'
  /**
   * PostgreSQL's internal name (`pg_type.typname`), whatever the dialect: `int4`, `bpchar`, `timestamptz`. Beside
   * these: `uint4` and `uint8`, MySQL's unsigned integers; `set`, MySQL's; `int53`, a whole number that is exact in
   * JavaScript, SQLite's INTEGER; `any`, a value of no declared type, SQLite's.
   */
  readonly name: string
  /** Where the type lives when that is not `pg_catalog`; `mysql` of MySQL's TIME, which is a span. */
  readonly schema?: string
  /**
   * The type modifier as SQL prints it: `10,2` of `numeric(10,2)`, `3` of `timestamptz(3)`. Of MySQL also what its numbers
   * are apart from the type that they are read as: `1` of TINYINT(1), `year`, `zerofill`.
   */
  readonly modifier?: string
}

/** An enumeration and its labels, in sort order. MySQL's belong to a column, and are named `table.column`. */
export interface EnumType {
  readonly kind: 'enum'
  readonly name: string
  readonly schema: string
  readonly labels: readonly string[]
}

/** A domain: another type with constraints. Its NOT NULL makes a column NOT NULL. */
export interface DomainType {
  readonly kind: 'domain'
  readonly name: string
  readonly schema: string
  readonly base: DataType
  readonly notNull: boolean
}

/** An array. PostgreSQL does not enforce dimensions; `dimensions` is what was declared (at least 1). */
export interface ArrayType {
  readonly kind: 'array'
  readonly element: DataType
  readonly dimensions: number
}

/** A row type: of a table, or made by CREATE TYPE … AS. */
export interface CompositeType {
  readonly kind: 'composite'
  readonly name: string
  readonly schema: string
  readonly fields: readonly { readonly name: string; readonly type: DataType }[]
}

/** A range or a multirange over a sub-type. */
export interface RangeType {
  readonly kind: 'range' | 'multirange'
  readonly name: string
  readonly schema: string
  readonly subtype: DataType
}

/** One column of a table, a view or any other relation. */
export interface Column {
  /** The name in the database. */
  readonly name: string
  /** The property name on a handle: the same, or camel-cased by `names: 'camel'`. */
  readonly key: string
  readonly position: number
  readonly type: DataType
  /** The type as DDL prints it: `character varying(40)`, `public.mood[]`. */
  readonly sqlType: string
  /** May a row hold NULL here? Domains' NOT NULL and what views can prove are taken in; unsure is `true`. */
  readonly nullable: boolean
  /** The default's SQL. Absent for generated and identity columns. */
  readonly default?: string
  /** The expression of a generated column. */
  readonly generated?: { readonly kind: 'stored' | 'virtual'; readonly expression: string }
  /** MySQL's AUTO_INCREMENT and SQLite's row ids are `by default`. */
  readonly identity?: 'always' | 'by default'
  /** What an UPDATE of the row sets, if it does not set it itself: MySQL's ON UPDATE CURRENT_TIMESTAMP. */
  readonly onUpdate?: string
  /** True of a column that `SELECT *` leaves out: INVISIBLE, or hidden in a virtual table. */
  readonly hidden?: boolean
  /** Named only when it differs from the type's own collation; qualified. */
  readonly collation?: string
  readonly comment?: string
  /** True for a column of an INHERITS child or a partition that is not declared there. */
  readonly inherited?: boolean
}

/** A primary key or a unique constraint. */
export interface UniqueConstraint {
  readonly name: string
  /** Database names of the key columns, in key order. */
  readonly columns: readonly string[]
  readonly include?: readonly string[]
  readonly nullsNotDistinct?: boolean
  readonly deferrable?: 'immediate' | 'deferred'
  /** The last column is a range, and unique means that ranges do not overlap (PostgreSQL 18). */
  readonly withoutOverlaps?: boolean
  /** True of a partitioned table's, made ON ONLY it, that not all partitions have: rows that break it may exist. */
  readonly invalid?: boolean
  /** True on a partition whose constraint is its parent's. */
  readonly inherited?: boolean
  /** The whole clause, where the columns do not say it all: prefixes, descending columns. MySQL's and SQLite's. */
  readonly definition?: string
  readonly comment?: string
}

/** What a foreign key does on update and on delete. MariaDB does not show it to a user who may but SELECT. */
export type ForeignKeyAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default' | 'not shown'

/** A foreign key. */
export interface ForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  /** `schema.table`; may name a table that the reflection does not hold. */
  readonly target: string
  readonly targetColumns: readonly string[]
  readonly onUpdate: ForeignKeyAction
  readonly onDelete: ForeignKeyAction
  /** Columns of ON DELETE SET NULL (…) when only some are set. */
  readonly onDeleteColumns?: readonly string[]
  readonly match?: 'full'
  readonly deferrable?: 'immediate' | 'deferred'
  /** False for NOT VALID and NOT ENFORCED: rows that break it may exist. */
  readonly validated: boolean
  /** True for NOT ENFORCED (PostgreSQL 18). */
  readonly notEnforced?: boolean
  /** The last column pair is ranges that must be covered, not equal (PostgreSQL 18): no join by equality. */
  readonly period?: boolean
  /** True on a partition whose key is its parent's. */
  readonly inherited?: boolean
  readonly comment?: string
}

/** A check. */
export interface CheckConstraint {
  readonly name: string
  /** True of one that belongs to the column it is called by, and goes with it (MariaDB). */
  readonly ofColumn?: boolean
  readonly expression: string
  readonly validated: boolean
  /** True for NOT ENFORCED (PostgreSQL 18). */
  readonly notEnforced?: boolean
  readonly noInherit?: boolean
  /** True on a partition or INHERITS child whose check is only its parent's. */
  readonly inherited?: boolean
  readonly comment?: string
}

/** An exclusion constraint. */
export interface ExclusionConstraint {
  readonly name: string
  /** As `pg_get_constraintdef` prints it. */
  readonly definition: string
  /** True on a partition whose constraint is its parent's. */
  readonly inherited?: boolean
  readonly comment?: string
}

/** An index that no constraint made: those of keys and exclusions are in their constraints. */
export interface Index {
  readonly name: string
  /** Key entries in order: a column's database name, or an expression's SQL. */
  readonly keys: readonly IndexKey[]
  readonly include?: readonly string[]
  readonly unique: boolean
  readonly nullsNotDistinct?: boolean
  /** `btree`, `gin`; also MySQL's `fulltext` and `spatial`. */
  readonly method: string
  /** The predicate of a partial index. */
  readonly where?: string
  /** The whole CREATE INDEX, as the server prints it; MySQL's is a clause of CREATE TABLE. */
  readonly definition: string
  /**
   * True of one that CREATE INDEX CONCURRENTLY left behind when it failed, and of a partitioned table's, made ON ONLY it,
   * that not all partitions have: rows that break a unique one may exist.
   */
  readonly invalid?: boolean
  /** True on a partition whose index is a part of its parent's. */
  readonly inherited?: boolean
  readonly comment?: string
}

/** A column or an expression of an index. */
export type IndexKey = ({ readonly column: string } | { readonly expression: string }) & {
  /** How much of the column is in the index, in characters or bytes, where not all is (MySQL). */
  readonly length?: number
  /** MySQL's and SQLite's; PostgreSQL's order is in the definition. */
  readonly descending?: boolean
}

/** A trigger written for this table: not the server's own, not a partition's copy of its parent's. */
export interface Trigger {
  readonly name: string
  /** `schema.name` of what it calls. MySQL's and SQLite's triggers have bodies of their own. */
  readonly function?: string
  readonly definition: string
  readonly enabled: 'origin' | 'always' | 'replica' | 'disabled'
}

/** A row-level security policy. */
export interface Policy {
  readonly name: string
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete'
  readonly permissive: boolean
  readonly roles: readonly string[]
  readonly using?: string
  readonly check?: string
}

/**
 * A way from one table to another. `one` is a handle by itself; `many` becomes one through
 * `inner`, `left`, `some` or `first`.
 */
export interface Relation {
  /** The property name on a handle. Never equal to a column's key. */
  readonly key: string
  readonly kind: 'one' | 'many'
  /** Target table's id. */
  readonly target: string
  /** Database names here and there, pairwise equal in the join. */
  readonly columns: readonly string[]
  readonly targetColumns: readonly string[]
  /** For `one`: may the other row be missing? (nullable key, NOT VALID key, the inverse of a one-to-one.) */
  readonly optional: boolean
  /** The constraint it comes from, `schema.table.constraint`: its stable identity. For a junction: both, joined by `+`. */
  readonly constraint: string
  /** A many-to-many: the junction between. */
  readonly through?: {
    readonly table: string
    /** Junction columns equal to `columns` here. */
    readonly columns: readonly string[]
    /** Junction columns equal to `targetColumns` there. */
    readonly targetColumns: readonly string[]
  }
}

/** What can stand in FROM. */
export type TableKind = 'table' | 'view' | 'materialized view' | 'partitioned table' | 'foreign table' | 'virtual table'

/** A table or anything that can stand in FROM under a name of the catalogue. */
export interface Table {
  /** `schema.name`: the identity in the model. */
  readonly id: string
  readonly schema: string
  readonly name: string
  /** The property in `db.tables`: the name in the default schema, `schema.name` elsewhere (camel-cased by option). */
  readonly key: string
  readonly kind: TableKind
  readonly columns: readonly Column[]
  readonly primaryKey?: UniqueConstraint
  readonly uniques: readonly UniqueConstraint[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly checks: readonly CheckConstraint[]
  readonly exclusions: readonly ExclusionConstraint[]
  readonly indexes: readonly Index[]
  readonly triggers: readonly Trigger[]
  readonly policies: readonly Policy[]
  readonly relations: readonly Relation[]
  readonly rowSecurity?: 'enabled' | 'forced'
  readonly comment?: string
  /** Ids of the parents of an INHERITS child. */
  readonly inherits?: readonly string[]
  /** Ids of the INHERITS children, reflected or not. A SELECT shows their rows, too, which no key of this table binds. */
  readonly inheritedBy?: readonly string[]
  /** `LIST (region)` of a partitioned table. */
  readonly partitionKey?: string
  /** MySQL's partitions, which are no tables: `PARTITION `p0` VALUES LESS THAN (10)`. */
  readonly partitions?: readonly string[]
  /** A leaf or a sub-partitioned table: whose, and its bounds. */
  readonly partitionOf?: { readonly table: string; readonly bounds: string }
  /**
   * A view's SELECT, as the server prints it, every name qualified; in MySQL but for the connection's database, in
   * SQLite as it was written.
   */
  readonly definition?: string
  /**
   * Further words of the DDL: MySQL's engine, collation and so on; SQLite's STRICT, WITHOUT ROWID, or module; of a view in
   * PostgreSQL `security_invoker=true, check_option=local`.
   */
  readonly options?: string
  /** The whole CREATE as it was written, which SQLite keeps. What it says is told by the rest. */
  readonly sql?: string
  /** Ids of the relations that a view's query reads. */
  readonly dependsOn?: readonly string[]
  /** A foreign table's server. */
  readonly server?: string
  readonly unlogged?: boolean
}

/** A sequence. */
export interface Sequence {
  readonly id: string
  readonly schema: string
  readonly name: string
  readonly type: string
  readonly start: string
  readonly increment: string
  readonly min: string
  readonly max: string
  readonly cache: string
  readonly cycle: boolean
  /** `schema.table.column` of a serial or identity column. */
  readonly ownedBy?: string
  readonly comment?: string
}

/** A function or procedure. */
export interface Routine {
  /** `schema.name(argument types)`. */
  readonly id: string
  readonly schema: string
  readonly name: string
  /** With names and defaults, as DDL prints them. */
  readonly arguments: string
  readonly result?: string
  readonly kind: 'function' | 'procedure' | 'aggregate' | 'window'
  readonly volatility: 'immutable' | 'stable' | 'volatile'
  /** The whole CREATE, as the server prints it. Empty where the server does not show the body. */
  readonly definition: string
  readonly comment?: string
}

/** A user-defined type that is not a table's row type, with what DDL needs beyond {@link DataType}. */
export interface NamedType {
  readonly id: string
  readonly type: EnumType | DomainType | CompositeType | RangeType
  readonly default?: string
  readonly checks?: readonly CheckConstraint[]
  /** The name of the multirange that came with a range (PostgreSQL 14). */
  readonly multirange?: string
  readonly comment?: string
}

/** A foreign server and the wrapper it speaks through. */
export interface ForeignServer {
  readonly name: string
  readonly wrapper: string
}

/** How columns and tables are named on handles. */
export type Names = 'database' | 'camel'

/** Whose SQL a database speaks. */
export type DialectName = 'postgres' | 'mysql' | 'mariadb' | 'sqlite'

/** Everything reflected, in name order, so that two pulls of one database are equal text. */
export interface Catalog {
  readonly dialect: DialectName
  /** As one number: 150018 for PostgreSQL 15.18, 101119 for MariaDB 10.11.19, 80400 for MySQL 8.4.0, 35303 for SQLite 3.53.3. */
  readonly version: number
  /**
   * The schema whose tables need no qualifying. In MySQL that is the connection's database, called `main` whatever
   * its name, so that what is generated from one database fits another; it is never printed in a statement.
   */
  readonly defaultSchema: string
  readonly names: Names
  readonly schemas: readonly string[]
  readonly extensions: readonly string[]
  /** The schema of each extension that is not in `public`. */
  readonly extensionSchemas?: Readonly<Record<string, string>>
  readonly tables: readonly Table[]
  readonly types: readonly NamedType[]
  readonly sequences: readonly Sequence[]
  readonly routines: readonly Routine[]
  /** Servers of the foreign tables. */
  readonly servers?: readonly ForeignServer[]
  /** The globs of the columns that were left out of it: `overrides.excludeColumns`. */
  readonly excludeColumns?: readonly string[]
}
