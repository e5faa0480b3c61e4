/**
 * What a family of databases brings to a host that speaks its SQL: how its catalogue is read, and how its queries are
 * printed.
 *
 * @module
 */
import type { Dialect } from '../compile/dialect.js'
import { mariadb } from '../compile/mariadb.js'
import { mysql } from '../compile/mysql.js'
import { postgres } from '../compile/postgres.js'
import { sqlite } from '../compile/sqlite.js'
import { PillionError } from '../errors.js'
import type { Catalog } from '../schema/model.js'
import type { Fingerprint, Refreshed } from '../schema/fingerprint.js'
import { fingerprintMysql, reflectMysql, refreshMysql } from '../schema/mysql/reflect.js'
import { fingerprintPostgres } from '../schema/postgres/fingerprint.js'
import { reflectPostgres } from '../schema/postgres/reflect.js'
import { refreshPostgres } from '../schema/postgres/refresh.js'
import { fingerprintSqlite, reflectSqlite, reflectSqliteSync, refreshSqlite } from '../schema/sqlite/reflect.js'
import type { Read, SyncRead } from '../schema/read.js'
import type { ReflectOptions } from '../schema/reflection.js'
import type { Host } from './host.js'

/** One family of databases. */
export interface Backend {
  /** The catalogue, by a constant number of statements. */
  reflect(read: Read, options: ReflectOptions): Promise<Catalog>
  /** The same where the database answers at once. */
  reflectSync?(read: SyncRead, options: ReflectOptions): Catalog
  /** A mark of the catalogue as it is now, by which a later refresh tells what changed. */
  fingerprint(read: Read, schemas?: readonly string[]): Promise<Fingerprint>
  /** The catalogue as it is now, of one that was read before. */
  refresh(read: Read, catalog: Catalog, fingerprint: Fingerprint, options: ReflectOptions): Promise<Refreshed>
  /** Whose SQL this very server speaks. */
  dialectOf(catalog: Catalog, host: Host): Dialect
}

const backends: Readonly<Record<string, Backend>> = {
  postgres: {
    reflect: reflectPostgres,
    fingerprint: fingerprintPostgres,
    refresh: refreshPostgres,
    dialectOf: () => postgres,
  },
  mysql: {
    reflect: reflectMysql,
    fingerprint: fingerprintMysql,
    refresh: refreshMysql,
    dialectOf: ({ dialect }) => (dialect === 'mariadb' ? mariadb : mysql),
  },
  sqlite: {
    reflect: reflectSqlite,
    reflectSync: reflectSqliteSync,
    fingerprint: fingerprintSqlite,
    refresh: refreshSqlite,
    dialectOf: ({ version }, { dates = 'sql' }) => sqlite(version, dates),
  },
}

/**
 * The family of a host.
 *
 * @throws HOST_UNKNOWN when it is none; HOST_SHAPE when pillion does not know its SQL
 */
export function backendOf(host: Host): Backend {
  const { name, dialect } = (host ?? {}) as Partial<Host>
  if (typeof dialect !== 'string') throw noHost()
  const backend = backends[dialect]
  if (backend !== undefined) return backend
  throw new PillionError('HOST_SHAPE', `The ${name} host speaks ${dialect}, which pillion does not print.`, {
    hint: `Known are: ${Object.keys(backends).join(', ')}.`,
  })
}

/** Most often it is what a host should have been made of. */
function noHost(): PillionError {
  return new PillionError('HOST_UNKNOWN', 'pillion takes a host, and what it was given is none.', {
    hint: 'Make one of your ORM’s object or of your pool: pillion(prismaHost(prisma)), pillion(typeormHost(dataSource)), pillion(pgHost(pool)), …',
  })
}
