/** Random queries over `random.t` and `random.u`, both `(k NOT NULL, n)`: two integer columns `p` and `q`. */
import fc from 'fast-check'

/** Something in FROM, and what can be selected from it. */
interface Source {
  readonly sql: string
  readonly columns: readonly string[]
}

type Build<T> = (next: () => string) => T

const table: fc.Arbitrary<Build<Source>> = fc.constantFrom('t', 'u').map(name => next => {
  const alias = next()
  return { sql: `random.${name} ${alias}`, columns: [`${alias}.k`, `${alias}.n`] }
})

const kinds = fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN')

const pick = (columns: readonly string[], at: number): string => columns[at % columns.length] ?? 'NULL::integer'

const index = fc.nat({ max: 11 })

const { query } = fc.letrec<{ query: Build<string>; source: Build<Source>; select: Build<string> }>(tie => ({
  source: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'source' },
    table,
    fc.tuple(kinds, tie('source'), tie('source'), index, index).map(
      ([kind, left, right, a, b]): Build<Source> =>
        next => {
          const [one, two] = [left(next), right(next)]
          return {
            sql: `(${one.sql} ${kind} ${two.sql} ON ${pick(one.columns, a)} = ${pick(two.columns, b)})`,
            columns: [...one.columns, ...two.columns],
          }
        },
    ),
    fc.tuple(kinds, fc.constantFrom('k', 'n'), table, table).map(
      ([kind, by, left, right]): Build<Source> =>
        next => {
          const [one, two, alias] = [left(next), right(next), next()]
          const merged = {
            sql: `${one.sql} ${kind} ${two.sql} USING (${by})`,
            columns: [by, ...one.columns, ...two.columns],
          }
          const names = merged.columns.map((_, at) => `c${at}`)
          const selected = merged.columns.map((column, at) => `${column} AS c${at}`)
          return {
            sql: `(SELECT ${selected.join(', ')} FROM ${merged.sql}) ${alias}`,
            columns: names.map(name => `${alias}.${name}`),
          }
        },
    ),
    tie('query').map(
      (inner): Build<Source> =>
        next => {
          const alias = next()
          return { sql: `(${inner(next)}) ${alias}`, columns: [`${alias}.p`, `${alias}.q`] }
        },
    ),
    fc.tuple(fc.boolean(), table, index, index).map(
      ([left, outer, a, b]): Build<Source> =>
        next => {
          const [from, inside, alias] = [outer(next), next(), next()]
          const [x, y] = [pick(from.columns, a), pick(from.columns, b)]
          const lateral = `(SELECT ${x} AS p, ${inside}.k AS q FROM random.u ${inside} WHERE ${inside}.k = ${y}) ${alias}`
          return {
            sql: `(${from.sql} ${left ? 'LEFT' : 'INNER'} JOIN LATERAL ${lateral} ON true)`,
            columns: [...from.columns, `${alias}.p`, `${alias}.q`],
          }
        },
    ),
  ),
  select: fc
    .tuple(
      tie('source'),
      index,
      index,
      index,
      fc.constantFrom('plain', 'expression', 'group', 'rollup', 'cube', 'count'),
    )
    .map(
      ([source, a, b, c, form]): Build<string> =>
        next => {
          const { sql, columns } = source(next)
          const [x, y, z] = [pick(columns, a), pick(columns, b), pick(columns, c)]
          switch (form) {
            case 'expression':
              return `SELECT coalesce(${x}, ${y}) AS p, CASE WHEN ${z} > 1 THEN ${x} ELSE ${y} END AS q FROM ${sql}`
            case 'group':
              return `SELECT ${x} AS p, ${y} AS q FROM ${sql} GROUP BY ${x}, ${y}`
            case 'rollup':
              return `SELECT ${x} AS p, coalesce(${y}, 0) AS q FROM ${sql} GROUP BY ROLLUP (${x}, ${y}, coalesce(${y}, 0))`
            case 'cube':
              return `SELECT ${x} AS p, count(${z})::integer AS q FROM ${sql} GROUP BY CUBE (${x}, ${y})`
            case 'count':
              return `SELECT 1 AS p, greatest(${x}, ${y}) AS q FROM ${sql}`
            default:
              return `SELECT ${x} AS p, ${y} AS q FROM ${sql}`
          }
        },
    ),
  query: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'query' },
    { weight: 4, arbitrary: tie('select') },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'), tie('query'), tie('query')).map(
        ([operation, left, right]): Build<string> =>
          next =>
            `(${left(next)}) ${operation} (${right(next)})`,
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(kinds, tie('query')).map(
        ([kind, inner]): Build<string> =>
          next => {
            const [name, alias] = [next(), next()]
            return `WITH ${name} AS (${inner(next)}) SELECT ${name}.p, ${alias}.k AS q FROM ${name} ${kind} random.t ${alias} ON ${alias}.k = ${name}.q`
          },
      ),
    },
  ),
}))

/** A query for CREATE VIEW. */
export const randomView: fc.Arbitrary<string> = query.map(build => {
  let last = 0
  return build(() => `x${++last}`)
})
