/**
 * Hosts that have files of their own, over MariaDB.
 */
import { afterAll, beforeAll, describe } from 'vitest'
import { conforms } from './conforms.js'
import { onMariadb } from './grounds.js'
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

describe.skipIf(noMariadb())('on MariaDB', () => {
  conforms(knexOnMysql2, onMariadb, ['knex', 'mysql2'])
  conforms(objectionOnMysql2, onMariadb, ['objection', 'mysql2'])
  conforms(sequelizeOnMysql2, onMariadb, ['sequelize', 'mysql2'])
  conforms(typeormOnMysql2, onMariadb, ['typeorm', 'mysql2'])
  conforms(drizzleOnMysql2, onMariadb, ['drizzle-orm', 'mysql2'])
  conforms(kysely28OnMysql2, onMariadb, ['kysely', 'mysql2'])
  conforms(kysely29OnMysql2, onMariadb, ['kysely-29', 'mysql2'])
  conforms(mikroOrmOnMysql2, onMariadb, ['@mikro-orm/mariadb'])

  describe('with a generated client', () => {
    let generated: GeneratedPrisma
    beforeAll(async () => {
      generated = await generatePrisma('mysql')
    })
    afterAll(() => generated.remove())

    conforms(
      prismaOnMariadb(() => generated),
      onMariadb,
      ['@prisma/client', '@prisma/adapter-mariadb'],
    )
  })
})
