/** TypeORM: its query builder for flat rows, `find` with relations for nested ones. @module */
import pg from 'pg'
import { Between, DataSource, EntitySchema, MoreThanOrEqual } from 'typeorm'
import { argumentsAt, type InterviewRow, type JoinedRow } from '../cases.js'
import { type Open, plain } from '../contender.js'

interface Company {
  id: number
  name: string
  city: string
}

interface User {
  id: number
  username: string
  active: boolean
}

interface Interview extends InterviewRow {
  company: Company
  author: User
  evaluations: Evaluation[]
}

interface Evaluation {
  id: number
  interviewId: number
  userId: number
  rating: number
  note: string | null
  interview: Interview
}

const company = new EntitySchema<Company>({
  name: 'company',
  columns: { id: { type: 'int', primary: true }, name: { type: 'text' }, city: { type: 'text' } },
})

const user = new EntitySchema<User>({
  name: 'user',
  columns: { id: { type: 'int', primary: true }, username: { type: 'text' }, active: { type: 'boolean' } },
})

const interview = new EntitySchema<Interview>({
  name: 'interview',
  columns: {
    id: { type: 'int', primary: true },
    title: { type: 'text' },
    status: { type: 'text' },
    score: { type: 'int' },
    remote: { type: 'boolean' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    companyId: { type: 'int', name: 'company_id' },
    authorId: { type: 'int', name: 'author_id' },
  },
  relations: {
    company: { type: 'many-to-one', target: 'company', joinColumn: { name: 'company_id' } },
    author: { type: 'many-to-one', target: 'user', joinColumn: { name: 'author_id' } },
    evaluations: { type: 'one-to-many', target: 'evaluation', inverseSide: 'interview' },
  },
})

const evaluation = new EntitySchema<Evaluation>({
  name: 'evaluation',
  columns: {
    id: { type: 'int', primary: true },
    interviewId: { type: 'int', name: 'interview_id' },
    userId: { type: 'int', name: 'user_id' },
    rating: { type: 'int' },
    note: { type: 'text', nullable: true },
  },
  relations: {
    interview: {
      type: 'many-to-one',
      target: 'interview',
      joinColumn: { name: 'interview_id' },
      inverseSide: 'evaluations',
    },
  },
})

export const open: Open = async url => {
  const source = new DataSource({
    type: 'postgres',
    driver: pg,
    url,
    poolSize: 1,
    entities: [company, user, interview, evaluation],
    synchronize: false,
  })
  await source.initialize()
  const interviews = source.getRepository(interview)

  const joined = (me: number, status: string) =>
    interviews
      .createQueryBuilder('i')
      .leftJoin('i.evaluations', 'e', 'e.userId = :me', { me })
      .innerJoin('i.author', 'u')
      .innerJoin('i.company', 'c')
      .select('i.id', 'id')
      .addSelect('i.title', 'title')
      .addSelect('e.rating', 'rating')
      .addSelect('u.username', 'author')
      .addSelect('c.name', 'company')
      .where('i.status = :status', { status })

  // Its other strategy, one query a relation, takes some sixty times as long here.
  const nested = plain('', i => {
    const { first, last } = argumentsAt.nested(i)
    return interviews.find({
      select: { id: true, title: true, evaluations: { id: true, rating: true, note: true, userId: true } },
      relations: { evaluations: true },
      where: { id: Between(first, last) },
      order: { id: 'ASC', evaluations: { id: 'ASC' } },
      relationLoadStrategy: 'join',
    })
  })

  return {
    build: [
      {
        name: '',
        build: i => {
          const { me, status, city, active, limit } = argumentsAt.build(i)
          const [text, values] = joined(me, status)
            .andWhere('c.city = :city', { city })
            .andWhere('u.active = :active', { active })
            .orderBy('e.rating', 'DESC', 'NULLS LAST')
            .addOrderBy('i.id')
            .limit(limit)
            .getQueryAndParameters()
          return { text, values }
        },
      },
    ],
    execute: {
      key: [plain('', i => interviews.findBy({ id: argumentsAt.key(i) }))],
      rows: [
        plain('', i =>
          interviews.find({ where: { id: MoreThanOrEqual(argumentsAt.rows(i)) }, order: { id: 'ASC' }, take: 1000 }),
        ),
      ],
      joins: [
        plain('', i => {
          const { me, status } = argumentsAt.joins(i)
          return joined(me, status).orderBy('i.id').limit(50).getRawMany<JoinedRow>()
        }),
      ],
      nested: [nested],
    },
    close: () => source.destroy(),
  }
}
