/** Random queries over `t` and `u`, both `(k NOT NULL, n)`: two integer columns `p` and `q`, in MariaDB's SQL. */
import fc from 'fast-check'

/** Something in FROM, and what can be selected from it. */
interface Source {
  readonly sql: string
  readonly columns: readonly string[]
}

type Build<T> = (next: () => string) => T

const table: fc.Arbitrary<Build<Source>> = fc.constantFrom('t', 'u').map(name => next => {
  const alias = next()
  return { sql: `${name} ${alias}`, columns: [`${alias}.k`, `${alias}.n`] }
})

const kinds = fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN')
const index = fc.nat({ max: 11 })
const pick = (columns: readonly string[], at: number): string => columns[at % columns.length] ?? 'NULL'

/** Expressions over columns x, y and z, each with its own way to NULL. */
const forms: Readonly<Record<string, (x: string, y: string, z: string, from: string) => string>> = {
  plain: (x, y, _, from) => `SELECT ${x} AS p, ${y} AS q FROM ${from}`,
  choice: (x, y, z, from) =>
    `SELECT COALESCE(${x}, ${y}) AS p, CASE WHEN ${z} > 1 THEN ${x} ELSE ${y} END AS q FROM ${from}`,
  ifnull: (x, y, z, from) => `SELECT IFNULL(${x}, ${y}) AS p, IF(${z} > 1, ${x}, ${y}) AS q FROM ${from}`,
  arithmetic: (x, y, z, from) => `SELECT ${x} / (${y} - 1) AS p, ${z} % ${y} AS q FROM ${from}`,
  comparison: (x, y, z, from) => `SELECT ${x} > ${y} AS p, ${x} <=> ${z} AS q FROM ${from}`,
  extremes: (x, y, z, from) => `SELECT GREATEST(${x}, ${y}) AS p, NULLIF(${z}, 2) AS q FROM ${from}`,
  group: (x, y, z, from) => `SELECT ${x} AS p, SUM(${z}) AS q FROM ${from} GROUP BY ${x}, ${y}`,
  rollup: (x, y, z, from) => `SELECT ${x} AS p, COUNT(${z}) AS q FROM ${from} GROUP BY ${x}, ${y} WITH ROLLUP`,
  whole: (x, y, _, from) => `SELECT MAX(${x}) AS p, ${y} AS q FROM ${from}`,
  counted: (x, y, z, from) => `SELECT COUNT(${x}) AS p, ${y} AS q FROM ${from} WHERE ${z} > 3`,
  window: (x, y, z, from) =>
    `SELECT LAG(${x}) OVER (ORDER BY ${y}) AS p, FIRST_VALUE(${y}) OVER (ORDER BY ${z} ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS q FROM ${from}`,
  ranked: (x, y, z, from) =>
    `SELECT ROW_NUMBER() OVER (ORDER BY ${x}) AS p, SUM(${y}) OVER (PARTITION BY ${z}) AS q FROM ${from}`,
  scalar: (x, y, z, from) =>
    `SELECT (SELECT i.k FROM u i WHERE i.k = ${x} LIMIT 1) AS p, ${y} IN (SELECT i.n FROM u i WHERE i.k > ${z}) AS q FROM ${from}`,
  exists: (x, y, _, from) => `SELECT EXISTS (SELECT 1 FROM u i WHERE i.k = ${x}) AS p, ${y} AS q FROM ${from}`,
}

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
          const columns = [by, ...one.columns, ...two.columns]
          const selected = columns.map((column, at) => `${column} AS c${at}`)
          return {
            sql: `(SELECT ${selected.join(', ')} FROM ${one.sql} ${kind} ${two.sql} USING (${by})) ${alias}`,
            columns: columns.map((_, at) => `${alias}.c${at}`),
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
  ),
  select: fc.tuple(tie('source'), index, index, index, fc.constantFrom(...Object.values(forms))).map(
    ([source, a, b, c, form]): Build<string> =>
      next => {
        const { sql, columns } = source(next)
        return form(pick(columns, a), pick(columns, b), pick(columns, c), sql)
      },
  ),
  query: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'query' },
    { weight: 4, arbitrary: tie('select') },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'), tie('query'), tie('query')).map(
        ([operation, left, right]): Build<string> =>
          next => {
            const side = (build: Build<string>): string => `SELECT p, q FROM (${build(next)}) ${next()}`
            return `${side(left)} ${operation} ${side(right)}`
          },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(kinds, tie('query')).map(
        ([kind, inner]): Build<string> =>
          next => {
            const [name, alias] = [next(), next()]
            return `WITH ${name} AS (${inner(next)}) SELECT ${name}.p, ${alias}.k AS q FROM ${name} ${kind} t ${alias} ON ${alias}.k = ${name}.q`
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
