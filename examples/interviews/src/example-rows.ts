/**
 * The rows of the example: the same ones in every run.
 *
 * @module
 */
import { type Chance, chance } from './chance.js'
import { departmentRows } from './example-departments.js'
import type { Rows, Status, TableName } from './rows.js'

/** How many rows there are of what. Evaluations follow from the interviews: about six and a half each. */
export const sizes = { users: 200, positions: 40, interviews: 10_000 } as const

const teams = ['Search', 'Payments', 'Mobile', 'Platform', 'Data', 'Design', 'Security', 'Support'] as const
const roles = [
  'Backend engineer',
  'Frontend engineer',
  'Data analyst',
  'Product designer',
  'Site reliability engineer',
  'Engineering manager',
] as const
const rounds = ['Phone screen', 'Pairing', 'System design', 'Portfolio review', 'Culture', 'Final round'] as const
const firstNames = [
  'Ada',
  'Bram',
  'Chidi',
  'Daria',
  'Emre',
  'Freya',
  'Goran',
  'Hana',
  'Idris',
  'Jana',
  'Kofi',
  'Lena',
  'Mila',
  'Noor',
  'Otto',
  'Priya',
] as const
const lastNames = [
  'Adler',
  'Bakker',
  'Costa',
  'Dvorak',
  'Eriksen',
  'Fontaine',
  'Greco',
  'Haddad',
  'Ivanova',
  'Jansen',
  'Kaya',
  'Lindqvist',
  'Moreau',
  'Novak',
] as const
const notes = [
  'Clear and calm',
  'Strong on fundamentals',
  'Would hire',
  'Not convinced',
  'Needs a second look',
  'Great questions',
] as const

const start = Date.UTC(2025, 0, 1)
const day = 86_400_000
const on = (days: number, seconds: number) => new Date(start + days * day + seconds * 1000)

/** Every row of the example, by table. The key of a row is its place in its list, from 1. */
export function exampleRows(): { readonly [Table in TableName]: readonly Rows[Table][] } {
  const draw = chance(20_260_101)
  const user = numbered(sizes.users, id => userRow(draw, id))
  const position = numbered(sizes.positions, () => ({
    title: draw.pick(roles),
    teamId: draw.between(1, teams.length),
  }))
  const department = departmentRows()
  // Chance of their own: what else is drawn does not depend on it.
  const place = chance(20_260_103)
  const interview = numbered(sizes.interviews, id => interviewRow(draw, id, place.between(1, department.length)))
  return Object.freeze({
    team: teams.map(name => ({ name })),
    user,
    membership: user.flatMap((_, index) =>
      draw.some(draw.between(1, 3), teams.length).map(teamId => ({ teamId, userId: index + 1 })),
    ),
    department,
    position,
    interview,
    evaluation: interview.flatMap((row, index) => evaluationRows(draw, index + 1, row)),
  })
}

function numbered<Row>(count: number, row: (id: number) => Row): Row[] {
  return Array.from({ length: count }, (_, index) => row(index + 1))
}

function userRow(draw: Chance, id: number): Rows['user'] {
  const first = draw.pick(firstNames)
  const last = draw.pick(lastNames)
  // The seventh is whom the tour asks about.
  const username = id === 7 ? 'specificuser' : `${first}.${last}.${id}`.toLowerCase()
  return { username, fullName: `${first} ${last}`, createdAt: on(-draw.between(1, 900), draw.between(0, 86_399)) }
}

function interviewRow(draw: Chance, id: number, departmentId: number): Rows['interview'] {
  const candidate = `${draw.pick(firstNames)} ${draw.pick(lastNames)}`
  const created = draw.between(0, 540)
  const status: Status = draw.pick(['draft', 'scheduled', 'done', 'done', 'done', 'done', 'done', 'cancelled'])
  return {
    title: `${draw.pick(rounds)} ${id}`,
    candidate,
    status,
    positionId: draw.between(1, sizes.positions),
    departmentId,
    leadId: draw.happens(0.2) ? null : draw.between(1, sizes.users),
    scheduledAt: status === 'draft' ? null : on(created + draw.between(1, 21), draw.between(9, 17) * 3600),
    createdAt: on(created, draw.between(0, 86_399)),
  }
}

function evaluationRows(draw: Chance, interviewId: number, { createdAt }: Rows['interview']): Rows['evaluation'][] {
  const howMany = draw.happens(0.03) ? 0 : draw.between(3, 10)
  return draw.some(howMany, sizes.users).map(userId => ({
    interviewId,
    userId,
    rating: draw.between(1, 10),
    note: draw.happens(0.4) ? draw.pick(notes) : null,
    createdAt: new Date(createdAt.getTime() + draw.between(1, 30 * 86_400) * 1000),
  }))
}
