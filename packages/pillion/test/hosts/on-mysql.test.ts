/**
 * Hosts that have files of their own, over the protocol of MySQL.
 */
import { afterAll, beforeAll, describe } from 'vitest'
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
import { describeOnMysql } from './mysql-observer.js'
import { type GeneratedPrisma, generatePrisma } from './prisma-client.js'

describeOnMysql(ground => {
  conforms(knexOnMysql2, ground, ['knex', 'mysql2'])
  conforms(objectionOnMysql2, ground, ['objection', 'mysql2'])
  conforms(sequelizeOnMysql2, ground, ['sequelize', 'mysql2'])
  conforms(typeormOnMysql2, ground, ['typeorm', 'mysql2'])
  conforms(drizzleOnMysql2, ground, ['drizzle-orm', 'mysql2'])
  conforms(kysely28OnMysql2, ground, ['kysely', 'mysql2'])
  conforms(kysely29OnMysql2, ground, ['kysely-29', 'mysql2'])
  conforms(mikroOrmOnMysql2, ground, ['@mikro-orm/mariadb'])

  describe('with a generated client', () => {
    let generated: GeneratedPrisma
    beforeAll(async () => {
      generated = await generatePrisma('mysql')
    })
    afterAll(() => generated.remove())

    conforms(
      prismaOnMariadb(() => generated),
      ground,
      ['@prisma/client', '@prisma/adapter-mariadb'],
    )
  })
})
