/**
 * Riding on TypeORM.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { noConnection } from '../run/failure.js'
import type { Host } from '../run/host.js'
import { mysqlHost } from './mysql/host.js'
import { postgresHost } from './postgres/host.js'
import { alone, finished, type HostOptions, isLost, type Ride, type Seat, type Seating, streamingFrom } from './seat.js'
import { isFunction, isObject } from './shape.js'
import { sqliteHost } from './sqlite/host.js'

export type { HostOptions }

/** A TypeORM `DataSource`, as far as users must know it. */
export interface TypeormDataSource {
  readonly manager: object
  createQueryRunner(mode?: 'master' | 'slave'): object
}

/** A query runner from the inside. */
interface QueryRunner {
  readonly isReleased: boolean
  readonly isTransactionActive: boolean
  /** The connection: of the pool on the first call, the same one from then on. */
  connect(): Promise<unknown>
  release(): Promise<void>
  /** Of the PostgreSQL runner: release, and condemn the connection. */
  releasePostgresConnection?(error?: unknown): Promise<void>
}

interface EntityManager {
  readonly queryRunner?: QueryRunner
  readonly dataSource?: unknown
  /** The data source's name before TypeORM 1. */
  readonly connection?: unknown
}

const seatings: { readonly [type: string]: Seating | undefined } = {
  postgres: postgresHost,
  mysql: mysqlHost,
  mariadb: mysqlHost,
  'better-sqlite3': sqliteHost,
}

/**
 * A host over a TypeORM data source.
 *
 * The root is a connection of the master's pool, through a query runner of TypeORM's own. A transaction is the
 * `EntityManager` that `transaction` hands out, or a `QueryRunner` with an open transaction; nested ones share both, so
 * that the object of a nested one stands for the outer one afterwards. Where `typeorm-transactional` has an ambient
 * transaction open, the root is that. On better-sqlite3 there is one connection and one query runner for all: the root is
 * in whatever transaction is open.
 *
 * ```ts
 * const db = await pillion<DB>(typeormHost(dataSource))
 * await dataSource.transaction(manager => ranked.on(manager).all())
 * ```
 *
 * @throws PillionError `HOST_UNKNOWN` when it is not a data source; `HOST_SHAPE` when it is on a database that is not known here.
 */
export function typeormHost(dataSource: TypeormDataSource, options: HostOptions = {}): Host {
  if (!isObject(dataSource) || !isFunction(dataSource.createQueryRunner) || !isObject(dataSource.manager)) {
    throw new PillionError('HOST_UNKNOWN', 'typeormHost takes a DataSource of TypeORM.')
  }
  const { type } = (dataSource as { readonly options?: { readonly type?: string } }).options ?? {}
  const seating = seatings[type ?? '']
  if (seating === undefined) {
    throw new PillionError('HOST_SHAPE', `The data source is of type ${type}.`, {
      hint: `TypeORM 1 on one of these is expected: ${Object.keys(seatings).join(', ')}.`,
    })
  }
  const host = seating('typeorm', dataSource, typeormRide(dataSource), options)
  return Object.freeze({
    ...streamingFrom(host, () => ambientRunner(dataSource)),
    ambient: () => openAround(dataSource),
  } satisfies Host)
}

function typeormRide(dataSource: TypeormDataSource): Ride {
  return async (target, job) => {
    const runner = target === alone ? undefined : runnerOf(dataSource, target)
    return await (runner === undefined ? borrowing(dataSource, job) : job(await seatOf(runner)))
  }
}

/** The runner of an explicit transaction, else of the ambient one, else none: the root. */
function runnerOf(dataSource: TypeormDataSource, target: unknown): QueryRunner | undefined {
  if (isRunner(target)) return owned(dataSource, (target as { readonly manager?: unknown }).manager, target)
  if (isManager(target)) return owned(dataSource, target, target.queryRunner)
  if (target === undefined || target === dataSource) return ambientRunner(dataSource)
  throw new PillionError('HOST_UNKNOWN', 'A transaction of TypeORM is an EntityManager or a QueryRunner.')
}

/**
 * `typeorm-transactional` looks for transactions by the name that a data source was added under: where that name has been
 * given to another since, it finds the other's.
 */
function ambientRunner(dataSource: TypeormDataSource): QueryRunner | undefined {
  const manager: EntityManager = dataSource.manager
  return manager.queryRunner && owned(dataSource, manager, manager.queryRunner)
}

/** The same while its transaction is open. */
function openAround(dataSource: TypeormDataSource): QueryRunner | undefined {
  const runner = ambientRunner(dataSource)
  return runner?.isTransactionActive ? runner : undefined
}

function owned<T>(dataSource: TypeormDataSource, manager: unknown, runner: T): T {
  const { dataSource: owner, connection } = (manager ?? {}) as EntityManager
  if ((owner ?? connection) === dataSource) return runner
  throw new PillionError('TRANSACTION_FOREIGN', 'The transaction is of another data source than this host.', {
    hint: 'Make a host of the data source that opened it.',
  })
}

async function seatOf(runner: QueryRunner): Promise<Seat> {
  const refusal = (): PillionError | undefined => {
    if (runner.isReleased) return finished('Its query runner has been released.')
    if (!runner.isTransactionActive) return finished('No transaction is open on its query runner.')
    return undefined
  }
  const refused = refusal()
  if (refused !== undefined) throw refused
  return { connection: await runner.connect(), borrowed: false, transaction: true, refusal }
}

async function borrowing<T>(dataSource: TypeormDataSource, job: (seat: Seat) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner('master') as QueryRunner
  let lost: unknown
  try {
    const connection = await runner.connect().catch(error => {
      throw noConnection(error)
    })
    return await job({ connection, borrowed: true, transaction: false, refusal: () => undefined })
  } catch (error) {
    if (isLost(error)) lost = error
    throw error
  } finally {
    if (lost !== undefined && isFunction(runner.releasePostgresConnection)) await runner.releasePostgresConnection(lost)
    else await runner.release()
  }
}

function isRunner(target: unknown): target is QueryRunner {
  return isObject(target) && typeof target.isTransactionActive === 'boolean' && isFunction(target.connect)
}

/** By the mark that TypeORM itself tells its classes by. */
function isManager(target: unknown): target is EntityManager {
  return isObject(target) && target['@instanceof'] === Symbol.for('EntityManager')
}
