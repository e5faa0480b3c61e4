/** The floor: SQL written by hand, prepared by name, on `pg` itself. @module */
import pg from 'pg'
import { argumentsAt, type InterviewRow, type JoinedRow, type NestedRow } from '../cases.js'
import { type Open, plain } from '../contender.js'

const columns = `id, title, status, score, remote, created_at as "createdAt", company_id as "companyId", author_id as "authorId"`

const key = `select ${columns} from interview where id = $1`

const rows = `select ${columns} from interview where id >= $1 order by id limit 1000`

const joins = `
  select i.id, i.title, e.rating, u.username as author, c.name as company
  from interview i
    left join evaluation e on e.interview_id = i.id and e.user_id = $1
    join "user" u on u.id = i.author_id
    join company c on c.id = i.company_id
  where i.status = $2
  order by i.id
  limit 50`

const nestedByJson = `
  select i.id, i.title, (
    select coalesce(json_agg(c), '[]')
    from (select e.id, e.rating, e.note, e.user_id as "userId" from evaluation e where e.interview_id = i.id order by e.id) c
  ) as evaluations
  from interview i
  where i.id between $1 and $2
  order by i.id`

const nestedByJoin = `
  select i.id, i.title, e.id as evaluation, e.rating, e.note, e.user_id as "userId"
  from interview i
    left join evaluation e on e.interview_id = i.id
  where i.id between $1 and $2
  order by i.id, e.id`

interface FlatRow {
  readonly id: number
  readonly title: string
  readonly evaluation: number | null
  readonly rating: number
  readonly note: string | null
  readonly userId: number
}

export const open: Open = async url => {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const prepared = async <Row extends pg.QueryResultRow>(name: string, text: string, values: unknown[]) =>
    (await pool.query<Row>({ name, text, values })).rows
  return {
    build: [],
    execute: {
      key: [plain('', i => prepared<InterviewRow>('key', key, [argumentsAt.key(i)]))],
      rows: [plain('', i => prepared<InterviewRow>('rows', rows, [argumentsAt.rows(i)]))],
      joins: [
        plain('', i => {
          const { me, status } = argumentsAt.joins(i)
          return prepared<JoinedRow>('joins', joins, [me, status])
        }),
      ],
      nested: [
        plain('json_agg', i => prepared<NestedRow>('json', nestedByJson, range(i))),
        plain('join and group', async i => grouped(await prepared<FlatRow>('join', nestedByJoin, range(i)))),
      ],
    },
    close: () => pool.end(),
  }
}

function range(i: number): number[] {
  const { first, last } = argumentsAt.nested(i)
  return [first, last]
}

/** Rows in parent order to parents with their children. */
function grouped(flat: readonly FlatRow[]): NestedRow[] {
  const parents: { id: number; title: string; evaluations: NestedRow['evaluations'][number][] }[] = []
  for (const row of flat) {
    let parent = parents[parents.length - 1]
    if (parent?.id !== row.id) parents.push((parent = { id: row.id, title: row.title, evaluations: [] }))
    if (row.evaluation !== null)
      parent.evaluations.push({ id: row.evaluation, rating: row.rating, note: row.note, userId: row.userId })
  }
  return parents
}
