/**
 * What a run of the tests showed of each host: read from vitest's report.
 *
 * @typedef {object} Shown What one case is about, as `conforms` writes it.
 * @property {string} database
 * @property {string} host
 * @property {readonly string[]} packages
 * @property {string} capability
 * @property {{ readonly capability: string, readonly reason: string }} [lacking]
 *
 * @typedef {object} HostResult
 * @property {string} database
 * @property {string} host
 * @property {readonly string[]} packages
 * @property {ReadonlyMap<string, Verdict>} capabilities
 *
 * @typedef {{ readonly is: 'shown' | 'failed' | 'not run' } | { readonly is: 'lacking', readonly reason: string }} Verdict
 *
 * @typedef {{ readonly status: string, readonly meta?: { readonly shown?: Shown, readonly elsewhere?: readonly Play[] } }} Play
 */

/**
 * The hosts of a report, by name.
 *
 * @param {{ readonly testResults: readonly { readonly assertionResults: readonly Play[] }[] }} report
 * @returns {readonly HostResult[]}
 */
export function hostResults({ testResults }) {
  const here = testResults.flatMap(file => file.assertionResults)
  // what the tests of other versions of Node have played
  const plays = here.flatMap(play => [play, ...(play.meta?.elsewhere ?? [])])
  const cases = plays.flatMap(({ status, meta }) => (meta?.shown === undefined ? [] : [{ status, shown: meta.shown }]))
  // a host may be tried on more than one database
  const ofHosts = new Map(cases.map(({ shown }) => [JSON.stringify([shown.database, shown.host]), shown]))
  return [...ofHosts.values()]
    .map(({ database, host }) => ({
      database,
      host,
      played: cases.filter(({ shown }) => shown.host === host && shown.database === database),
    }))
    .map(({ database, host, played }) => ({
      database,
      host,
      packages: [...new Set(played.flatMap(({ shown }) => shown.packages))],
      capabilities: verdicts(played),
    }))
    .toSorted((a, b) => (a.host < b.host ? -1 : 1))
}

/**
 * Whether the run had what the host was to be tried on.
 *
 * @param {HostResult} host
 */
export function wasTried({ capabilities }) {
  return [...capabilities.values()].some(({ is }) => is === 'shown' || is === 'failed')
}

/** @param {readonly { status: string, shown: Shown }[]} played */
function verdicts(played) {
  const names = new Set(played.map(({ shown }) => shown.capability))
  return new Map([...names].map(name => [name, verdict(played.filter(({ shown }) => shown.capability === name))]))
}

/**
 * A capability is shown where a case of it passed and none failed, and lacking where the host is said to lack it, or
 * what each of its cases needs beside it. A case that was skipped for no such reason shows nothing.
 *
 * @param {readonly { status: string, shown: Shown }[]} cases
 * @returns {Verdict}
 */
function verdict(cases) {
  if (cases.some(({ status }) => status === 'failed')) return { is: 'failed' }
  if (cases.some(({ status, shown }) => status !== 'passed' && shown.lacking === undefined)) return { is: 'not run' }
  if (cases.some(({ status }) => status === 'passed')) return { is: 'shown' }
  const found = cases.find(({ shown }) => shown.lacking !== undefined)?.shown
  if (found?.lacking === undefined) return { is: 'not run' }
  const { capability, reason } = found.lacking
  return {
    is: 'lacking',
    reason: capability === found.capability ? reason : `without \`${capability}\` nothing shows it`,
  }
}
