/**
 * The tables of docs/hosts.md: host × capability, with versions and reasons.
 */

/** @typedef {import('./results.js').HostResult} HostResult */
/** @typedef {import('./results.js').Verdict} Verdict */

const begin = '<!-- conformance -->\n'
const end = '<!-- /conformance -->'

/** Which database's table comes first. */
const databases = ['PostgreSQL by pg', 'PostgreSQL by other drivers', 'MySQL and MariaDB', 'SQLite']

/**
 * The page with its tables as the results are.
 *
 * @param {string} page
 * @param {readonly HostResult[]} hosts
 * @param {Readonly<Record<string, string>>} capabilities What each promises.
 */
export function withTables(page, hosts, capabilities) {
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)]
  return page.slice(0, from) + section(hosts, capabilities) + page.slice(to)
}

/**
 * @param {readonly HostResult[]} hosts
 * @param {Readonly<Record<string, string>>} capabilities
 */
function section(hosts, capabilities) {
  const names = Object.keys(capabilities)
  const meaning = table([['Capability', ''], ...names.map(name => [name, capabilities[name] ?? ''])])
  const known = databases.filter(database => hosts.some(host => host.database === database))
  const others = new Set(hosts.map(host => host.database).filter(database => !databases.includes(database)))
  const parts = [...known, ...others].map(database => {
    const here = hosts.filter(host => host.database === database)
    return `### ${database}\n\nWhat is not in the table, all of them can. What is lacking, and why:\n\n${hostsTable(here, names)}\n\n${reasons(here, names)}`
  })
  return `\n${[meaning, ...parts].join('\n\n')}\n\n`
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
