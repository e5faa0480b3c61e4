import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ormNames } from '../src/orm/orm.js'
import { tour } from '../src/tour/tour.js'
import { type Ground, interviews, openExample } from './support.js'

let ground: Ground

beforeAll(async () => {
  ground = await interviews()
})

afterAll(() => ground.drop())

const evaluationBy = (condition: string) =>
  `exists (select from evaluation e join "user" u on u.id = e.user_id where e.interview_id = i.id and ${condition})`
const sharedJoin = evaluationBy(`u.username = 'specificuser' and e.rating > 5`)
const twoJoins = `${evaluationBy(`u.username = 'specificuser' and e.rating < 3`)} and
  ${evaluationBy(`u.username <> 'specificuser' and e.rating > 5`)}`

test.each(ormNames)('the tour of %s shows five queries, and leaves the rows as they were', async name => {
  const before = await ground.sql('select count(*), sum(rating) from evaluation')
  const { orm, db } = await openExample(name, ground.url)
  const texts: string[] = []
  try {
    for await (const text of tour(orm, db)) texts.push(stripVTControlCharacters(text))
  } finally {
    await orm.close()
  }
  expect(texts.map(text => text.split('\n')[0])).toEqual([
    '1. Two filters, one join',
    '2. Two filters, two joins',
    '3. An outer join, sorted by it',
    '4. Two filters from two functions, one join',
    "5. Inside the ORM's own transaction",
  ])
  const [one = '', two = '', three = '', four = '', five = ''] = texts

  for (const [text, where] of [
    [one, sharedJoin],
    [two, twoJoins],
    [four, sharedJoin],
  ] as const) {
    const rows = await ground.sql<{ id: number; title: string; candidate: string }>(
      `select i.id, i.title, i.candidate from interview i where ${where} order by i.id`,
    )
    expect(text).toContain(`the first 5 of ${rows.length}\n`)
    for (const { id, title, candidate } of rows.slice(0, 5))
      expect(text).toMatch(new RegExp(`^ *${id}  ${title} +${candidate}$`, 'm'))
  }
  expect(one.match(/EXISTS/g)).toHaveLength(1)
  expect(two.match(/EXISTS/g)).toHaveLength(2)
  expect(three).toContain('DESC NULLS LAST')
  expect(three).toContain('the first 5 of 10,000\n')
  expect(three).toMatch(/^left +evaluation +one, ON pins unique \(interview_id, user_id\)$/m)
  expect(four).toMatch(
    /^exists +evaluation .*\n.*applyPermissions \(src\/tour\/queries\.ts:\d+\)\n.*applySearch \(src\/tour\/queries\.ts:\d+\)$/m,
  )
  expect(five.match(/(?<=Pairing 1 +)\S+$/gm)).toEqual(['–', '10', '–', '–'])

  expect(await ground.sql('select count(*), sum(rating) from evaluation')).toEqual(before)
})
