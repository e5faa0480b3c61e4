import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Explanation } from '../src/explanation.js'
import type { Problem } from '../src/api/problem.js'
import { ormNames } from '../src/orm/orm.js'
import { type Example, emptyInterviews, type Ground, interviews, openExample } from './support.js'

interface Row {
  readonly id: number
  readonly title: string
  readonly myRating: number | null
}

interface List {
  readonly rows: readonly Row[]
  readonly next: string | null
  readonly previous: string | null
  readonly total: number
  readonly explain?: Explanation
}

/** The evaluations that $1 may read. */
const readable = `
  WITH readable AS (
    SELECT evaluation.* FROM evaluation
    WHERE user_id IN (SELECT theirs.user_id FROM membership theirs JOIN membership mine USING (team_id) WHERE mine.user_id = $1)
  )`

const listed = `${readable}
  SELECT i.id, i.title, i.candidate, i.status, position.title AS position, team.name AS team, department.name AS department, lead.full_name AS lead,
    i.scheduled_at AS "scheduledAt", i.created_at AS "createdAt", mine.rating AS "myRating"
  FROM interview i
  JOIN position ON position.id = i.position_id
  JOIN team ON team.id = position.team_id
  JOIN department ON department.id = i.department_id
  LEFT JOIN "user" lead ON lead.id = i.lead_id
  LEFT JOIN evaluation mine ON mine.interview_id = i.id AND mine.user_id = $1`

let ground: Ground

beforeAll(async () => {
  ground = await interviews()
})

afterAll(() => ground.drop())

/** As JSON has it. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const idsOf = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id)

describe.each(ormNames)('over %s', name => {
  let example: Example

  beforeAll(async () => {
    example = await openExample(name, ground.url)
  })

  afterAll(() => example.orm.close())

  const get = (path: string) => example.app.request(`/api/interviews${path}`)

  async function list(parameters: Readonly<Record<string, string | number>>): Promise<List> {
    const given = Object.entries(parameters).map(([key, value]): [string, string] => [key, String(value)])
    const response = await get(`?${new URLSearchParams(given)}`)
    expect(response.status).toBe(200)
    return (await response.json()) as List
  }

  test.each([
    [{}, 'true', 'mine.rating DESC NULLS LAST'],
    [{ sort: 'created' }, 'true', 'i.created_at DESC'],
    [{ sort: 'title' }, 'true', 'i.title'],
    [{ status: 'done' }, "i.status = 'done'", 'mine.rating DESC NULLS LAST'],
    [{ q: 'ada' }, "(i.title ILIKE '%ada%' OR i.candidate ILIKE '%ada%')", 'mine.rating DESC NULLS LAST'],
    [{ q: '_%\\' }, 'false', 'i.id'],
    [{ q: '', status: '', minRating: '' }, 'true', 'mine.rating DESC NULLS LAST'],
  ])('lists %j as SQL by hand does', async (parameters, where, order) => {
    const { rows, total } = await list({ me: 7, size: 100, ...parameters })
    const expected = await ground.sql(
      `${listed} WHERE i.id IN (SELECT interview_id FROM readable) AND ${where} ORDER BY ${order}, i.id`,
      7,
    )
    expect(rows).toEqual(json(expected.slice(0, 100)))
    expect(total).toBe(expected.length)
  })

  test('shows nobody what they may not see', async () => {
    for (const me of [1, 7, 123, 200]) {
      const { rows, total } = await list({ me, size: 100, sort: 'created' })
      const expected = await ground.sql<Row>(
        `${listed} WHERE i.id IN (SELECT interview_id FROM readable) ORDER BY i.created_at DESC, i.id`,
        me,
      )
      expect(total).toBe(expected.length)
      expect(idsOf(rows)).toEqual(idsOf(expected).slice(0, 100))
    }
    expect(await list({ me: 1000 })).toMatchObject({ rows: [], total: 0, next: null, previous: null })
  })

  test('finds nothing in evaluations that one may not read', async () => {
    const byTwo = `SELECT interview_id FROM readable INTERSECT SELECT interview_id FROM evaluation WHERE rating >= 10`
    const byOne = `SELECT interview_id AS id FROM readable WHERE rating >= 10`
    const leaking = await ground.sql<{ interview_id: number }>(`${readable} ${byTwo}`, 7)
    const allowed = await ground.sql<Row>(`${readable} ${byOne} GROUP BY 1 ORDER BY 1`, 7)
    // The control: two joins in place of one would find more.
    expect(leaking.length).toBeGreaterThan(allowed.length)
    const found = (await everyPage({ me: 7, minRating: 10, size: 100 })).flatMap(({ rows }) => idsOf(rows))
    expect(found.toSorted((a, b) => a - b)).toEqual(idsOf(allowed))
  })

  async function everyPage(parameters: Readonly<Record<string, string | number>>): Promise<List[]> {
    const pages: List[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: List = await list({ ...parameters, after: next })
      pages.push(page)
      next = page.next
    }
    return pages
  }

  test.each(['rating', 'created', 'title'])('pages by %s forward and back give every row once', async sort => {
    const asked = { me: 7, q: 'ad', size: 97, sort }
    const expected = (await list(asked)).total
    expect(expected).toBeGreaterThan(500)

    const pages = await everyPage(asked)
    const forward = pages.flatMap(({ rows }) => rows)
    expect(forward).toHaveLength(expected)
    expect(new Set(idsOf(forward)).size).toBe(expected)
    // The NULLs are paged as well.
    expect(new Set(forward.map(({ myRating }) => myRating === null)).size).toBe(2)

    const last = pages.at(-1)
    const backward: Row[] = [...(last?.rows ?? [])]
    for (let previous = last?.previous ?? null; previous !== null; ) {
      const page: List = await list({ ...asked, before: previous })
      backward.unshift(...page.rows)
      previous = page.previous
    }
    expect(idsOf(backward)).toEqual(idsOf(forward))
  })

  test('shows one interview with what may be read of it', async () => {
    const [row] = await ground.sql<{ id: number }>(
      `${readable} SELECT mine.interview_id AS id FROM evaluation mine JOIN interview i ON i.id = mine.interview_id
       WHERE mine.user_id = $1 AND i.lead_id IS NULL AND mine.note IS NOT NULL
         AND (SELECT count(*) FROM readable WHERE interview_id = i.id) BETWEEN 2 AND 5
         AND EXISTS (SELECT FROM evaluation e WHERE e.interview_id = i.id AND e.id NOT IN (SELECT id FROM readable))
       ORDER BY 1 LIMIT 1`,
      7,
    )
    const id = row?.id
    const [expected] = await ground.sql(
      `${readable}
       SELECT i.id, i.title, i.candidate, i.status, i.scheduled_at AS "scheduledAt", i.created_at AS "createdAt",
         json_build_object('title', position.title, 'team', team.name) AS position, NULL AS lead,
         json_build_object('id', department.id, 'name', department.name) AS department,
         json_build_object('rating', mine.rating, 'note', mine.note) AS mine
       FROM interview i JOIN position ON position.id = i.position_id JOIN team ON team.id = position.team_id
       JOIN department ON department.id = i.department_id
       JOIN evaluation mine ON mine.interview_id = i.id AND mine.user_id = $1 WHERE i.id = $2`,
      7,
      id,
    )
    const evaluations = await ground.sql(
      `${readable}
       SELECT e.id, json_build_object('id', u.id, 'username', u.username, 'fullName', u.full_name) AS by, e.rating, e.note,
         e.created_at AS "createdAt"
       FROM readable e JOIN "user" u ON u.id = e.user_id WHERE e.interview_id = $2 ORDER BY e.rating DESC, e.id`,
      7,
      id,
    )
    const response = await get(`/${id}?me=7`)
    expect(response.status).toBe(200)
    const shown = (await response.json()) as { readonly evaluations: unknown }
    expect(shown).toMatchObject(json(expected) as object)
    expect(shown.evaluations).toEqual(json(evaluations))
  })

  test('has a lead where there is one, and no rating of mine where there is none', async () => {
    const [row] = await ground.sql<{ id: number; lead: number; username: string }>(
      `${readable} SELECT i.id, i.lead_id AS lead, u.username FROM interview i JOIN "user" u ON u.id = i.lead_id
       WHERE i.id IN (SELECT interview_id FROM readable)
         AND NOT EXISTS (SELECT FROM evaluation e WHERE e.interview_id = i.id AND e.user_id = $1) ORDER BY 1 LIMIT 1`,
      7,
    )
    const shown = await (await get(`/${row?.id}?me=7`)).json()
    expect(shown).toMatchObject({ mine: null, lead: { id: row?.lead, username: row?.username } })
  })

  test.each([
    ['there is not', 'SELECT 10001 AS id'],
    [
      'one may not see',
      `${readable} SELECT interview_id AS id FROM evaluation WHERE interview_id NOT IN (SELECT interview_id FROM readable) LIMIT 1`,
    ],
  ])('has no interview that %s', async (_, sql) => {
    const [row] = await ground.sql<{ id: number }>(sql, ...(sql.includes('$1') ? [7] : []))
    const response = await get(`/${row?.id}?me=7`)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      detail: `There is no interview ${row?.id} that you may see.`,
    })
  })

  test.each([
    ['', 'me', 'me is missing'],
    ['?me=', 'me', 'me is missing'],
    ['?me=x', 'me', 'whole number'],
    ['?me=0', 'me', 'from 1 to 2147483647'],
    ['?me=2147483648', 'me', 'from 1 to 2147483647'],
    ['?me=7&me=8', 'me', 'more than once'],
    ['?me=7&status=over', 'status', 'one of draft, scheduled, done, cancelled'],
    ['?me=7&minRating=11', 'minRating', 'from 1 to 10'],
    ['?me=7&minRating=1.5', 'minRating', 'whole number'],
    ['?me=7&sort=lead', 'sort', 'one of rating, created, title'],
    ['?me=7&size=101', 'size', 'from 1 to 100'],
    ['?me=7&size=0', 'size', 'from 1 to 100'],
    [`?me=7&q=${'x'.repeat(101)}`, 'q', '100 characters'],
    ['?me=7&q=a%00b', 'q', 'NUL'],
    ['?me=7&serach=x', 'serach', 'no parameter serach'],
    ['?me=7&explain=yes', 'explain', 'one of 1'],
    ['?me=7&after=nonsense', 'after', 'damaged'],
    ['?me=7&before=nonsense', 'before', 'damaged'],
    ['?me=7&after=a&before=b', 'before', 'after a cursor or before one'],
    ['/x?me=7', 'id', 'whole number'],
    ['/1', 'me', 'me is missing'],
  ])('refuses %s for its %s', async (path, parameter, detail) => {
    const response = await get(path)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const problem = (await response.json()) as Problem
    expect(problem).toMatchObject({ type: 'about:blank', title: 'Bad request', status: 400, parameter })
    expect(problem.detail).toContain(detail)
    expect(example.failures).toEqual([])
  })

  test('refuses a cursor from another order', async () => {
    const { next } = await list({ me: 7, sort: 'title' })
    const response = await get(`?me=7&sort=rating&after=${next}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ parameter: 'after' })
  })

  test('has nothing elsewhere, and says so', async () => {
    const response = await example.app.request('/api/users')
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })

  test.each([
    ['POST', 'interviews', 'GET, HEAD'],
    ['DELETE', 'interviews/1', 'GET, HEAD'],
    ['PUT', 'departments', 'GET, HEAD'],
    ['POST', 'departments/1', 'GET, HEAD, PATCH'],
  ])('has no %s of %s, and says what it has', async (method, path, methods) => {
    const response = await example.app.request(`/api/${path}?me=7`, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, methods])
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ title: 'Method not allowed', status: 405 })
    expect((await example.app.request(`/api/${path}?me=7`, { method: 'HEAD' })).status).not.toBe(405)
  })

  test('explains when asked, and only then', async () => {
    expect(await list({ me: 7 })).not.toHaveProperty('explain')
    const { explain } = await list({ me: 7, minRating: 9, q: 'secret', explain: 1 })
    expect(explain?.statements).toHaveLength(2)
    const [page = '', total = ''] = explain?.statements ?? []
    expect(page).toContain('LIMIT 21')
    expect(total).toContain('count(*)')
    expect(page + total).not.toContain('secret')

    // One evaluation is both readable and rated so.
    expect(page.match(/FROM "evaluation"/g)).toHaveLength(1)
    const shared = explain?.joins.filter(({ kind }) => kind === 'exists') ?? []
    expect(shared).toHaveLength(1)
    expect(page).toContain(`"${shared[0]?.alias}"."rating" >=`)
    expect(shared[0]?.mentions.map(({ at }) => at)).toEqual([
      expect.stringMatching(/^applyPermissions \(src\/queries\/permissions\.ts:\d+\)$/),
      expect.stringMatching(/^applySearch \(src\/queries\/search\.ts:\d+\)$/),
    ])
  })

  test('each of two requests at once hears of its own statements alone', async () => {
    const both = await Promise.all([list({ me: 7, q: 'a', explain: 1 }), list({ me: 7, status: 'done', explain: 1 })])
    for (const { explain } of both) expect(explain?.statements).toHaveLength(2)
    expect(both[0].explain?.statements.join()).toContain('ILIKE')
    expect(both[1].explain?.statements.join()).not.toContain('ILIKE')
  })
})

describe.each(ormNames)('when the database fails %s', name => {
  let broken: Ground
  let example: Example

  beforeAll(async () => {
    broken = await emptyInterviews()
    example = await openExample(name, broken.url)
  })

  afterAll(async () => {
    await example.orm.close()
    await broken.drop()
  })

  test('it tells nothing of why, and every connection is back', async () => {
    const ask = async () => example.app.request('/api/interviews?me=7&q=confidential')
    expect((await ask()).status).toBe(200)

    await broken.sql('alter table evaluation rename to elsewhere')
    const answers = await Promise.all(Array.from({ length: 30 }, ask))
    for (const response of answers) {
      expect(response.status).toBe(500)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      const text = await response.text()
      expect(text).not.toMatch(/confidential|evaluation|SELECT/)
      expect(JSON.parse(text)).toMatchObject({ status: 500, title: 'Internal server error' })
    }
    expect(example.failures).toHaveLength(30)

    // More at once than a pool has connections: one that was lost would be missed.
    await broken.sql('alter table elsewhere rename to evaluation')
    const again = await Promise.all(Array.from({ length: 30 }, ask))
    expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200))
    const busy = () =>
      broken.sql(`select state from pg_stat_activity
                  where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`)
    await expect.poll(busy).toEqual([])
  })
})
