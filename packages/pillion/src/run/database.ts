/**
 * A database to ride on: its tables as values, and queries that run on the host's own connection.
 *
 * @module
 */
import { type Compiled, compiler } from '../compile/compile.js'
import type { Dialect } from '../compile/dialect.js'
import { buildError } from '../compile/failure.js'
import { print } from '../compile/print/statement.js'
import type { Origins } from '../query/engine.js'
import type { HandleNode, QueryData } from '../query/node.js'
import { type Query, startQuery } from '../query/query.js'
import { tables } from '../query/tables.js'
import type { Handle, Kind, Roots, RowOf } from '../query/types.js'
import { sameType } from '../schema/base-types.js'
import type { Catalog, Column, Names, Table } from '../schema/model.js'
import type { Overrides } from '../schema/overrides.js'
import type { Fingerprint, FingerprintChanges } from '../schema/fingerprint.js'
import type { Read, SyncRead } from '../schema/read.js'
import type { ReflectOptions } from '../schema/reflection.js'
import { notSynchronous } from './ambient.js'
import { backendOf } from './backend.js'
import { checkDatabaseOptions } from './database-options.js'
import { carrying, directOn } from './direct.js'
import { engineOn, holding } from './engine.js'
import type { Host, SyncHost } from './host.js'
import type { Ground } from './preparation.js'
import { type RawQuery, type RawValue, rawSql } from './raw-query.js'

/** How a database is reflected and ridden. */
export interface DatabaseOptions {
  /** Schemas to reflect; all but the server's own by default. */
  readonly schemas?: readonly string[] | undefined
  /** Property names on handles: as in the database, or camel-cased. Default: those of `previous`, else as in the database. */
  readonly names?: Names | undefined
  /**
   * The `catalog` of the generated file, whose names of relations stay as a new foreign key finds them. Columns that were left
   * out of it by `overrides.excludeColumns` stay out, where no others are told.
   */
  readonly previous?: Catalog | undefined
  /** Names, nullability and relations that the catalogue cannot tell; what of it is not there is `OVERRIDE_INVALID`. */
  readonly overrides?: Overrides | undefined
  /**
   * A catalogue read earlier, instead of reflecting now: `parseSnapshot(…)`. It is taken as it is: names, schemas and overrides
   * hold from the first `refresh()` on, and a column in it that `overrides.excludeColumns` leaves out is `OVERRIDE_INVALID`.
   */
  readonly catalog?: Catalog | undefined
  /**
   * `clause` keeps where each query was started and each condition was added, for `explainJoins()` and errors, at about
   * 2 µs a clause: for development, and free for queries that are module constants. `call` keeps the line that called each
   * terminal, for errors, at 6 to 10 µs a run. `none`, the default, keeps nothing: an error thrown before anything is sent
   * names the line that ran the query all the same, and one from the server the line that awaits it, or else the one that
   * first asked for a query of its shape.
   */
  readonly origins?: Origins | undefined
  /** How many compiled statements are kept, the oldest going first: 1,000 by default; 0 keeps none. */
  readonly shapes?: number | undefined
}

/** A database on a host. It owns no connection: there is nothing to close. */
export interface Database<DB> {
  /** One root handle a table, under its key. */
  readonly tables: Roots<DB>
  /** What was reflected. */
  readonly catalog: Catalog
  /** Starts a query from a table, an alias or a derived table. */
  from<H extends Handle<Kind, unknown, 'joined'>>(root: H): Query<RowOf<H>>
  /**
   * One SELECT by hand; values become placeholders.
   *
   * ```ts
   * await db.sql<{ n: bigint }>`SELECT count(*) AS n FROM interview WHERE status = ${'open'}`.all()
   * ```
   *
   * @throws SQL_NOT_SELECT when it is anything else
   */
  sql<Row = Record<string, unknown>>(parts: TemplateStringsArray, ...values: readonly RawValue[]): RawQuery<Row>
  /** The same database, inside one of the host's transactions. */
  on(target: unknown): Database<DB>
  /**
   * The database as it is now, after migrations elsewhere. The first call reads everything again; each later one, on
   * what the earlier gave, reads a fingerprint of the catalogue and only the relations that changed since.
   *
   * ```ts
   * let { database } = await db.refresh()
   * const { database: next, changes } = await database.refresh()    // changes: { added: [], removed: [], changed: ['public.interview'] }
   * ```
   *
   * @throws REFLECT_FAILED
   */
  refresh(): Promise<RefreshedDatabase<DB>>
}

/** A database read again. */
export interface RefreshedDatabase<DB> {
  readonly database: Database<DB>
  /** Which relations changed; undefined where everything was read again. */
  readonly changes: FingerprintChanges | undefined
}

/**
 * Rides on a host: reflects its database on the host's own connection, and opens nothing. It sends a question for the
 * server's version and one statement over the catalogue (on MariaDB one more for sequences); none with `catalog`. `DB` is taken at
 * its word: `pillion reflect --verify` is what checks it.
 *
 * ```ts
 * const db = await pillion<DB>(prismaHost(prisma), { names: 'camel' })
 * const { interview } = db.tables
 * await db.from(interview).where(interview.id.eq(7)).all()
 * ```
 *
 * @throws REFLECT_FAILED when the catalogue cannot be read; OVERRIDE_INVALID when an override names what is not there, or is
 *   none; SNAPSHOT_INVALID for a catalogue that is none, and QUERY_INVALID for another option;
 *   CONNECTION_UNAVAILABLE when the host gives no connection
 */
export async function pillion<DB extends object>(host: Host, options: DatabaseOptions = {}): Promise<Database<DB>> {
  checkDatabaseOptions(options)
  const catalog = options.catalog ?? (await backendOf(host).reflect(reader(host), reflectOptions(options)))
  return databaseOf<DB>(host, options, catalog, undefined)
}

/**
 * The same at once, on a host whose database is in the process itself.
 *
 * ```ts
 * const db = pillionSync<DB>(betterSqlite3Host(database), { names: 'camel' })
 * db.from(db.tables.interview).allSync()
 * ```
 *
 * @throws REFLECT_FAILED; OVERRIDE_INVALID; NOT_SYNCHRONOUS on any other host
 */
export function pillionSync<DB extends object>(host: SyncHost, options: DatabaseOptions = {}): Database<DB> {
  const { reflectSync } = backendOf(host)
  checkDatabaseOptions(options)
  if (host.runSync === undefined || reflectSync === undefined) throw notSynchronous(host)
  const catalog = options.catalog ?? reflectSync(syncReader(host), reflectOptions(options))
  return databaseOf<DB>(host, options, catalog, undefined)
}

function databaseOf<DB extends object>(
  host: Host,
  options: DatabaseOptions,
  catalog: Catalog,
  fingerprint: Fingerprint | undefined,
): Database<DB> {
  const backend = backendOf(host)
  const dialect = backend.dialectOf(catalog, host)
  const own = new Set(catalog.tables)
  const checked = new WeakSet<Compiled>()
  const roots = tables<DB>(catalog)
  const ground: Ground = {
    host,
    compiler: compiler(dialect, options.shapes),
    origins: options.origins ?? 'none',
    check: (query, compiled) => {
      if (compiled.tables.every(table => own.has(table)) || checked.has(compiled)) return
      checkAgainst(catalog, own, query, dialect)
      checked.add(compiled)
    },
  }
  const refresh = async (): Promise<RefreshedDatabase<DB>> => {
    const read = reader(host)
    const asNow = reflectOptions({ ...options, previous: catalog })
    if (fingerprint === undefined) {
      // taken before the catalogue is read, so that DDL in between is seen by the next refresh
      const mark = await backend.fingerprint(read, options.schemas)
      const whole = await backend.reflect(read, asNow)
      return { database: databaseOf(host, options, whole, mark), changes: undefined }
    }
    const now = await backend.refresh(read, catalog, fingerprint, asNow)
    return { database: databaseOf(host, options, now.catalog, now.fingerprint), changes: now.changes }
  }
  const onTarget = (target: unknown): Database<DB> => {
    const engine = engineOn(ground, target)
    const from = <H extends Handle<Kind, unknown, 'joined'>>(root: H): Query<RowOf<H>> => startQuery(root, engine, from)
    const sql = rawSql(host, dialect, target)
    const database = holding({ tables: roots, catalog, from, sql, on: onTarget, refresh }, engine)
    return Object.freeze(carrying(database, directOn(host, dialect, target)))
  }
  return onTarget(undefined)
}

function reader(host: Host): Read {
  return async (text, values = []) => (await host.run(undefined, { text, values }, {})).rows
}

function syncReader({ runSync }: SyncHost): SyncRead {
  return (text, values = []) => runSync(undefined, { text, values }).rows
}

function reflectOptions({ schemas, previous, names = previous?.names, overrides }: DatabaseOptions): ReflectOptions {
  const excludeColumns = overrides?.excludeColumns ?? previous?.excludeColumns
  return {
    ...(schemas === undefined ? {} : { schemas }),
    ...(names === undefined ? {} : { names }),
    overrides: { ...overrides, ...(excludeColumns === undefined ? {} : { excludeColumns }) },
    ...(previous === undefined ? {} : { previous }),
  }
}

// a query may be older than the database it is put on: a module constant over a generated file
function checkAgainst(catalog: Catalog, own: ReadonlySet<Table>, query: QueryData, dialect: Dialect): void {
  const live = (table: Table): Table => {
    const found = catalog.tables.find(each => each.id === table.id)
    if (found !== undefined) return found
    throw buildError(
      'TABLE_MISSING',
      `The database has no ${table.id}.`,
      'Run the migration, or write the generated file again: pillion reflect.',
      query.origin,
    )
  }
  const checkColumn = (handle: HandleNode, name: string): void => {
    if (handle.source.kind !== 'table') return
    const { table } = handle.source
    if (own.has(table)) return
    const known = table.columns.find(each => each.name === name) as Column
    const found = live(table).columns.find(each => each.name === name)
    if (found === undefined) {
      throw buildError(
        'COLUMN_MISSING',
        `The database has no column ${table.id}.${name}.`,
        'Run the migration, or write the generated file again: pillion reflect.',
        query.origin,
      )
    }
    if (!sameType(found.type, known.type) || (found.nullable && !known.nullable)) {
      throw buildError(
        'SCHEMA_DRIFTED',
        `${table.id}.${name} is ${found.sqlType}${found.nullable ? '' : ' NOT NULL'} in the database, and ${known.sqlType}${known.nullable ? '' : ' NOT NULL'} in the generated file.`,
        'Write the generated file again: pillion reflect.',
        query.origin,
      )
    }
  }
  print(query, dialect, 'rows', {
    column: checkColumn,
    join: handle => {
      if (handle.source.kind === 'table' && !own.has(handle.source.table)) live(handle.source.table)
    },
  })
}
