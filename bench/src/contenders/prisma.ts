/** Prisma, over its `pg` adapter, with statements prepared by name; joined and separate loading of relations. @module */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { argumentsAt, type InterviewRow, type NestedRow } from '../cases.js'
import { type Open, plain, shaped } from '../contender.js'

/** As much of the generated client as the cases call. It is generated at run time, so its own types are not here. */
interface Client {
  readonly interview: {
    findUnique(query: object): Promise<InterviewRow | null>
    findMany<Row>(query: object): Promise<Row[]>
  }
  $disconnect(): Promise<void>
}

type Strategy = 'join' | 'query'

interface RatedInterview {
  readonly id: number
  readonly title: string
  readonly evaluations: readonly { readonly rating: number }[]
  readonly author: { readonly username: string }
  readonly company: { readonly name: string }
}

export const open: Open = async url => {
  const generated = createRequire(import.meta.url)('../../generated/prisma/index.js') as {
    readonly PrismaClient: new (options: { readonly adapter: PrismaPg }) => Client
  }
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const adapter = new PrismaPg(pool, { statementNameGenerator: statement => nameOf(statement.sql) })
  const prisma = new generated.PrismaClient({ adapter })

  const joins = (relationLoadStrategy: Strategy) =>
    shaped(
      relationLoadStrategy,
      i => {
        const { me, status } = argumentsAt.joins(i)
        return prisma.interview.findMany<RatedInterview>({
          relationLoadStrategy,
          select: {
            id: true,
            title: true,
            evaluations: { where: { userId: me }, select: { rating: true } },
            author: { select: { username: true } },
            company: { select: { name: true } },
          },
          where: { status },
          orderBy: { id: 'asc' },
          take: 50,
        })
      },
      row => ({
        id: row.id,
        title: row.title,
        rating: row.evaluations[0]?.rating ?? null,
        author: row.author.username,
        company: row.company.name,
      }),
    )

  const nested = (relationLoadStrategy: Strategy) =>
    plain(relationLoadStrategy, i => {
      const { first, last } = argumentsAt.nested(i)
      return prisma.interview.findMany<NestedRow>({
        relationLoadStrategy,
        select: {
          id: true,
          title: true,
          evaluations: { select: { id: true, rating: true, note: true, userId: true }, orderBy: { id: 'asc' } },
        },
        where: { id: { gte: first, lte: last } },
        orderBy: { id: 'asc' },
      })
    })

  return {
    build: [],
    execute: {
      key: [
        plain('', async i => {
          const row = await prisma.interview.findUnique({ where: { id: argumentsAt.key(i) } })
          return row === null ? [] : [row]
        }),
      ],
      rows: [
        plain('', i =>
          prisma.interview.findMany<InterviewRow>({
            where: { id: { gte: argumentsAt.rows(i) } },
            orderBy: { id: 'asc' },
            take: 1000,
          }),
        ),
      ],
      joins: [joins('join'), joins('query')],
      nested: [nested('join'), nested('query')],
    },
    close: async () => {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

const names = new Map<string, string>()

/** A statement's name: by content, so that equal texts share a plan. */
function nameOf(sql: string): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = `prisma_${createHash('sha1').update(sql).digest('hex').slice(0, 16)}`
  names.set(sql, name)
  return name
}
