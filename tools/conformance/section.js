/**
 * The tables of docs/hosts.md: host × capability, with versions and reasons.
 */
import { wasTried } from './results.js'

/** @typedef {import('./results.js').HostResult} HostResult */
/** @typedef {import('./results.js').Verdict} Verdict */

const begin = '<!-- conformance -->\n'
const end = '<!-- /conformance -->'

/** Which database's table comes first. */
const databases = ['PostgreSQL by pg', 'PostgreSQL by other drivers', 'MariaDB', 'SQLite']

/** A database without a table of its own: what differs from that of another is told below it. */
const twins = new Map([['MariaDB', 'MySQL']])

/**
 * The page with its tables as the results are. What it says of a twin that the run did not have is left as it is.
 *
 * @param {string} page
 * @param {readonly HostResult[]} hosts
 * @param {Readonly<Record<string, string>>} capabilities What each promises.
 */
export function withTables(page, hosts, capabilities) {
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)]
  return page.slice(0, from) + section(hosts, capabilities, page) + page.slice(to)
}

/**
 * @param {readonly HostResult[]} hosts
 * @param {Readonly<Record<string, string>>} capabilities
 * @param {string} page
 */
function section(hosts, capabilities, page) {
  const names = Object.keys(capabilities)
  const meaning = table([['Capability', ''], ...names.map(name => [name, capabilities[name] ?? ''])])
  const known = databases.filter(database => hosts.some(host => host.database === database))
  const told = [...databases, ...twins.values()]
  const others = new Set(hosts.map(host => host.database).filter(database => !told.includes(database)))
  const parts = [...known, ...others].map(database => {
    const here = hosts.filter(host => host.database === database)
    const twin = twins.get(database)
    const title = twin === undefined ? database : `${database} and ${twin}`
    const table = `### ${title}\n\nWhat is not in the table, all of them can. What is lacking, and why:\n\n${hostsTable(here, names)}\n\n${reasons(here, names)}`
    return twin === undefined ? table : `${table}\n\n${twinPart(twin, here, hosts, page)}`
  })
  return `\n${[meaning, ...parts].join('\n\n')}\n\n`
}

/**
 * How hosts do on the twin of their database, between comments by which the next run finds it.
 *
 * @param {string} twin
 * @param {readonly HostResult[]} here
 * @param {readonly HostResult[]} hosts
 * @param {string} page
 */
function twinPart(twin, here, hosts, page) {
  const [open, close] = [`<!-- on ${twin} -->\n\n`, `\n\n<!-- /on ${twin} -->`]
  const there = hosts.filter(host => host.database === twin && wasTried(host))
  if (there.length === 0) return open + between(page, open, close) + close
  const found = differences(here, there)
  const told = found.length === 0 ? 'the same.' : `the same, but for:\n\n${found.join('\n')}`
  return `${open}The table is of ${here[0]?.database}. ${twin} showed ${told}${close}`
}

/**
 * @param {string} page
 * @param {string} open
 * @param {string} close
 */
function between(page, open, close) {
  const [from, to] = [page.indexOf(open), page.indexOf(close)]
  return from < 0 || to < 0 ? 'not run' : page.slice(from + open.length, to)
}

/**
 * Of each host, what it shows on one database and not on the other.
 *
 * @param {readonly HostResult[]} here
 * @param {readonly HostResult[]} there
 */
function differences(here, there) {
  return here.flatMap(({ host, capabilities }) => {
    const others = there.find(other => other.host === host)?.capabilities
    if (others === undefined) return [`- ${host}: not run`]
    return [...capabilities]
      .map(([name, verdict]) => ({ name, said: cell(verdict), other: cell(others.get(name)) }))
      .filter(({ said, other }) => said !== other)
      .map(({ name, said, other }) => `- ${host}: ${name}: ${other}, not ${said}`)
  })
}

/**
 * A row for each host: in a column of its own each capability that one of them did not show.
 *
 * @param {readonly HostResult[]} hosts
 * @param {readonly string[]} names
 */
function hostsTable(hosts, names) {
  const told = names.filter(name => hosts.some(({ capabilities }) => cell(capabilities.get(name)) !== 'yes'))
  const rows = hosts.map(({ host, packages, capabilities }) => [
    host,
    packages.join(', '),
    ...told.map(name => cell(capabilities.get(name))),
  ])
  return table([['', 'Run with', ...told], ...rows])
}

/** @param {Verdict | undefined} verdict */
function cell(verdict) {
  if (verdict?.is === 'shown') return 'yes'
  return verdict?.is === 'lacking' ? '–' : (verdict?.is ?? 'not run')
}

/**
 * Why, each reason once, with those whose it is.
 *
 * @param {readonly HostResult[]} hosts
 * @param {readonly string[]} names
 */
function reasons(hosts, names) {
  const found = names.flatMap(name => {
    /** @type {Map<string, string[]>} */
    const byReason = new Map()
    for (const { host, capabilities } of hosts) {
      const verdict = capabilities.get(name)
      if (verdict?.is !== 'lacking') continue
      byReason.set(verdict.reason, [...(byReason.get(verdict.reason) ?? []), host])
    }
    return [...byReason].map(([reason, whose]) => `- ${name}: ${reason} (${whose.join(', ')})`)
  })
  return found.join('\n')
}

/** @param {readonly [readonly string[], ...(readonly string[])[]]} rows */
function table([head, ...rows]) {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map(row => row[at]?.length ?? 0)))
  /** @param {readonly string[]} row */
  const line = row => `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
