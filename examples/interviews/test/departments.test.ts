import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Explanation } from '../src/explanation.js'
import { ormNames } from '../src/orm/orm.js'
import { type Example, type Ground, interviews, openExample } from './support.js'

interface Counted {
  readonly id: number
  readonly name: string
  readonly departments: number
  readonly interviews: number
}

interface Shown extends Counted {
  readonly path: readonly { readonly id: number; readonly name: string }[]
  readonly children: readonly Counted[]
  readonly explain?: Explanation
}

interface List {
  readonly rows: readonly { readonly id: number; readonly myRating: number | null }[]
  readonly next: string | null
  readonly total: number
  readonly explain?: Explanation
}

/** Every department beside all that it is below, itself too, by walking the pointers. */
const walked = `
  WITH RECURSIVE walked (node, top, distance) AS (
    SELECT id, id, 0 FROM department
    UNION ALL
    SELECT department.id, walked.top, distance + 1 FROM department JOIN walked ON department.parent_id = walked.node
  )`

/** The interviews that $1 may see. */
const visible = `
  SELECT interview.* FROM interview WHERE EXISTS (
    SELECT FROM evaluation JOIN membership theirs USING (user_id) JOIN membership mine USING (team_id)
    WHERE evaluation.interview_id = interview.id AND mine.user_id = $1)`

const counted = `
  ${walked}, visible AS (${visible}), counted AS (
    SELECT id, name, parent_id,
      (SELECT count(*)::int FROM walked WHERE top = department.id AND distance > 0) AS departments,
      (SELECT count(*)::int FROM visible WHERE department_id IN (SELECT node FROM walked WHERE top = department.id)) AS interviews
    FROM department
  )
  SELECT id, name, departments, interviews FROM counted`

describe.each(ormNames)('departments over %s', name => {
  let ground: Ground
  let example: Example

  beforeAll(async () => {
    ground = await interviews()
    example = await openExample(name, ground.url)
  })

  afterAll(async () => {
    await example.orm.close()
    await ground.drop()
  })

  const get = async <T>(path: string): Promise<T> => {
    const response = await example.app.request(`/api${path}`)
    expect(response.status).toBe(200)
    return (await response.json()) as T
  }
  const shown = (id: number, me = 7) => get<Shown>(`/departments/${id}?me=${me}`)
  const move = async (id: number, parentId: unknown, more = '') =>
    example.app.request(`/api/departments/${id}?me=7${more}`, { method: 'PATCH', body: JSON.stringify({ parentId }) })

  /** The links that triggers keep are those that the pointers say. */
  async function expectRightLinks(): Promise<void> {
    const kept = 'SELECT node_id AS node, ancestor_id AS top, distance FROM department_link ORDER BY 1, 2'
    expect(await ground.sql(kept)).toEqual(await ground.sql(`${walked} SELECT * FROM walked ORDER BY 1, 2`))
  }

  test('have their links from the first row on', async () => {
    await expectRightLinks()
    const [deepest] = await ground.sql(
      'SELECT max(distance) AS most, count(DISTINCT node_id)::int AS nodes FROM department_link',
    )
    expect(deepest).toEqual({ most: 4, nodes: 382 })
  })

  test('that are below none, with what is under each that I may see', async () => {
    for (const me of [7, 42]) {
      const { rows } = await get<{ rows: Counted[] }>(`/departments?me=${me}`)
      expect(rows).toEqual(await ground.sql(`${counted} WHERE parent_id IS NULL ORDER BY name, id`, me))
      expect(rows).toHaveLength(3)
    }
    expect((await get<{ rows: Counted[] }>('/departments?me=1000')).rows.map(each => each.interviews)).toEqual([
      0, 0, 0,
    ])
  })

  test('one by one: the way down to it, and its children', async () => {
    for (const id of [1, 3, 4, 5, 200]) {
      const { path, children, ...self } = await shown(id)
      expect([self]).toEqual(await ground.sql(`${counted} WHERE id = $2`, 7, id))
      expect(children).toEqual(await ground.sql(`${counted} WHERE parent_id = $2 ORDER BY name, id`, 7, id))
      expect(path).toEqual(
        await ground.sql(
          `${walked} SELECT id, name FROM walked JOIN department ON id = top WHERE node = $1 AND distance > 0 ORDER BY distance DESC`,
          id,
        ),
      )
    }
  })

  test('with the interviews under one, paged by a nullable key and in one join with the other filters', async () => {
    const { id } = await shown(2)
    const found: List['rows'][number][] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: List = await get(`/interviews?me=7&under=${id}&minRating=9&size=37&after=${next}`)
      found.push(...page.rows)
      next = page.next
    }
    const expected = await ground.sql(
      `${walked} SELECT i.id, mine.rating AS "myRating" FROM interview i
       LEFT JOIN evaluation mine ON mine.interview_id = i.id AND mine.user_id = $1
       WHERE i.department_id IN (SELECT node FROM walked WHERE top = $2) AND EXISTS (
         SELECT FROM evaluation e JOIN membership theirs USING (user_id) JOIN membership m USING (team_id)
         WHERE e.interview_id = i.id AND m.user_id = $1 AND e.rating >= 9)
       ORDER BY mine.rating DESC NULLS LAST, i.id`,
      7,
      id,
    )
    expect(found.map(row => ({ id: row.id, myRating: row.myRating }))).toEqual(expected)
    expect(expected.length).toBeGreaterThan(74)

    const { total, explain } = await get<List>(`/interviews?me=7&under=${id}&minRating=9&explain=1`)
    expect(total).toBe(expected.length)
    const [page = ''] = explain?.statements ?? []
    expect(page.match(/FROM "evaluation"/g)).toHaveLength(1)
    expect(page.match(/FROM "department_link"/g)).toHaveLength(1)
    expect(explain?.joins.find(({ path }) => path === 'department_link')?.mentions).toEqual([
      { clause: 'where', at: expect.stringMatching(/^applySearch \(src\/queries\/search\.ts:\d+\)$/) },
    ])
    expect((await get<List>('/interviews?me=7&under=99999')).total).toBe(0)
  })

  test('are moved with all that is below them, and moved back', async () => {
    const before = await ground.sql('SELECT * FROM department ORDER BY id')
    const self = await shown(4)
    const [europe, germany, engineering] = self.path.map(each => each.id)
    const under = async (id: number | undefined) => (await shown(id ?? 0)).interviews
    const [inGermany, inOther] = [await under(germany), await under(200)]
    expect(self.departments).toBe(3)

    const response = await move(4, 200, '&explain=1')
    expect(response.status).toBe(200)
    const moved = (await response.json()) as Shown
    expect(moved).toMatchObject({ id: 4, departments: 3, interviews: self.interviews, children: self.children })
    expect(moved.path.at(-1)?.id).toBe(200)
    expect(moved.explain?.statements).toHaveLength(1)
    expect(await under(germany)).toBe(inGermany - self.interviews)
    expect(await under(200)).toBe(inOther + self.interviews)
    await expectRightLinks()

    expect(await (await move(4, null)).json()).toMatchObject({ path: [], departments: 3 })
    expect(await (await move(4, engineering)).json()).toEqual(self)
    expect(self.path[0]?.id).toBe(europe)
    expect(await ground.sql('SELECT * FROM department ORDER BY id')).toEqual(before)
    await expectRightLinks()
  })

  test.each([
    [1, 4, 409, 'Europe cannot be moved below Backend, which is below it.'],
    [1, 1, 409, 'Europe cannot be moved below itself.'],
    [1, 99_999, 400, 'There is no department 99999.'],
    [99_999, 1, 404, 'There is no department 99999.'],
    [99_999, 99_999, 404, 'There is no department 99999.'],
    [1, 0, 400, 'parentId is a whole number from 1 to 2147483647.'],
    [1, 'x', 400, 'The body is {"parentId":5}, or null for below none.'],
    [1, undefined, 400, 'The body is {"parentId":5}, or null for below none.'],
  ])('refuses to move %s below %j, and does half of nothing', async (id, parentId, status, detail) => {
    const before = await ground.sql('SELECT * FROM department ORDER BY id')
    const response = await move(id, parentId)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status, detail })
    expect(await ground.sql('SELECT * FROM department ORDER BY id')).toEqual(before)
    await expectRightLinks()
    expect(example.failures).toEqual([])
  })

  test.each([
    ['/departments', 'me', 'me is missing'],
    ['/departments?me=7&under=1', 'under', 'no parameter under'],
    ['/departments/x?me=7', 'id', 'whole number'],
    ['/interviews?me=7&under=x', 'under', 'whole number'],
  ])('refuses %s for its %s', async (path, parameter, detail) => {
    const response = await example.app.request(`/api${path}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ parameter, detail: expect.stringContaining(detail) })
  })

  test('moved by many at once stay a tree: each is moved or refused', async () => {
    const before = await ground.sql<{ id: number; parent_id: number | null }>('SELECT * FROM department')
    const [a, b, c] = [2, 41, 83]
    const wanted = [a, b, c].flatMap(id => [a, b, c, 1].map(parent => [id, parent] as const))
    const answers = await Promise.all([...wanted, ...wanted].map(([id, parent]) => move(id, parent)))
    expect(example.failures.map(error => String((error as Error).message))).toEqual([])
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]))
    await expectRightLinks()
    for (const { id, parent_id } of before)
      if ([a, b, c].includes(id)) await move(id, null).then(() => move(id, parent_id))
    expect(await ground.sql('SELECT * FROM department ORDER BY id')).toEqual(before.toSorted((x, y) => x.id - y.id))
  })
})
