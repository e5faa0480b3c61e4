/**
 * Hosts that have files of their own, over MariaDB.
 */
import { describe } from 'vitest'
import { createMariadbDatabase } from '../../../../test/support/mariadb.js'
import { conforms } from './conforms.js'
import {
  drizzleOnMysql2,
  knexOnMysql2,
  objectionOnMysql2,
  sequelizeOnMysql2,
  typeormOnMysql2,
} from './fixtures/on-mysql2.js'
import { noMariadb } from './mysql-observer.js'

const fixtures = [knexOnMysql2, objectionOnMysql2, sequelizeOnMysql2, typeormOnMysql2, drizzleOnMysql2]

describe.skipIf(noMariadb())('on MariaDB', () => {
  for (const fixture of fixtures) conforms(fixture, createMariadbDatabase)
})
