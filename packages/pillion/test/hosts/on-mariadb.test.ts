/**
 * Hosts that have files of their own, over MariaDB.
 */
import { afterAll, beforeAll, describe } from 'vitest'
import { createMariadbDatabase } from '../../../../test/support/mariadb.js'
import { conforms } from './conforms.js'
import { prismaOnMariadb } from './fixtures/on-mariadb.js'
import {
  drizzleOnMysql2,
  knexOnMysql2,
  kysely28OnMysql2,
  kysely29OnMysql2,
  mikroOrmOnMysql2,
  objectionOnMysql2,
  sequelizeOnMysql2,
  typeormOnMysql2,
} from './fixtures/on-mysql2.js'
import { noMariadb } from './mysql-observer.js'
import { type GeneratedPrisma, generatePrisma } from './prisma-client.js'

const fixtures = [
  knexOnMysql2,
  objectionOnMysql2,
  sequelizeOnMysql2,
  typeormOnMysql2,
  drizzleOnMysql2,
  kysely28OnMysql2,
  kysely29OnMysql2,
  mikroOrmOnMysql2,
]

describe.skipIf(noMariadb())('on MariaDB', () => {
  for (const fixture of fixtures) conforms(fixture, createMariadbDatabase)

  describe('with a generated client', () => {
    let generated: GeneratedPrisma
    beforeAll(async () => {
      generated = await generatePrisma('mysql')
    })
    afterAll(() => generated.remove())

    conforms(
      prismaOnMariadb(() => generated),
      createMariadbDatabase,
    )
  })
})
