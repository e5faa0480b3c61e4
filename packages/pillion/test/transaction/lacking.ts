/** What a host and its server lack of what the suite of transactions tries: no case is skipped in silence. */
import type { Fixture } from './suite.js'

const reasons = (fixture: Fixture): readonly (readonly [lacks: boolean, what: string])[] => {
  const { server } = fixture
  return [
    [!fixture.independent, 'independent (one connection)'],
    [!fixture.countsConnections, 'counts connections (the host does not tell how many it has)'],
    [!server.abortsOnFailure, 'aborting failures (a statement that fails spoils no transaction)'],
    [server.characteristicsOf === undefined, 'characteristics (no isolation levels, no read-only transactions)'],
    [fixture.readsOnly === false, 'read-only (the host begins no such transaction)'],
    [server.deferrable === undefined, 'deferrable (no transaction waits for a snapshot)'],
    [!server.serializes, 'serialization failures (transactions wait for each other instead)'],
    [server.refusedAtCommit === undefined, 'refused at commit (no constraint is looked at then)'],
    [!server.sleeps, 'sleeps (a statement runs to its end before anything else can)'],
    [server.kill === undefined, 'kill (there are no sessions that could be ended)'],
  ]
}

/** One line a capability, on stderr. */
export function tellLacking(fixture: Fixture): void {
  for (const [lacks, what] of reasons(fixture)) {
    if (lacks) process.stderr.write(`skipped: transactions: ${fixture.name} on ${fixture.server.name}: ${what}\n`)
  }
}
