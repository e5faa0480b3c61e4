/**
 * The drivers that a Kysely may be over, known by what its dialect was made with.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { type Kysely, kyselyPoolRide, type KyselyRide, kyselySqliteRide } from './kysely-ride.js'
import { mysql2BehindKysely } from './mysql/behind-kysely.js'
import { mysqlHost } from './mysql/host.js'
import { type Pool, poolInside } from './mysql/mysql2-client.js'
import { pgBehindKysely } from './postgres/behind-kysely.js'
import { pgPool } from './postgres/client.js'
import { postgresHost } from './postgres/host.js'
import type { Driver } from './seat.js'
import { isFunction, isObject } from './shape.js'
import { sqliteDriver } from './sqlite/ride.js'

/** A driver below Kysely. */
export interface KyselyDriver extends Pick<Driver, 'opens' | 'seating'> {
  /** The way through a Kysely and its transactions. */
  ride(opened: object, root: Kysely): KyselyRide
}

const drivers: readonly KyselyDriver[] = [
  { opens: sqliteDriver.opens, seating: sqliteDriver.seating, ride: kyselySqliteRide },
  {
    opens: value => poolInside(value) !== undefined,
    seating: mysqlHost,
    ride: opened => kyselyPoolRide(mysql2BehindKysely(poolInside(opened) as Pool)),
  },
  {
    opens: value => isObject(value) && isFunction(value.connect),
    seating: postgresHost,
    ride: opened => kyselyPoolRide(pgBehindKysely(pgPool(opened))),
  },
]

/**
 * @param opened the pool or database that the dialect was made with.
 * @throws PillionError `HOST_SHAPE`
 */
export function driverBelow(opened: object): KyselyDriver {
  const driver = drivers.find(each => each.opens(opened))
  if (driver !== undefined) return driver
  throw new PillionError(
    'HOST_SHAPE',
    'The dialect is on no pool of pg or mysql2, and on no database of better-sqlite3.',
    {
      hint: 'Give the pool or the database that the dialect was made with: kyselyHost(db, pool).',
    },
  )
}
