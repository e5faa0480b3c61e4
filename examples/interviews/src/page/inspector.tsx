/**
 * What stands beside each answer: the request, the statements it took, and why each join is there.
 *
 * @module
 */
import type { JoinExplanation } from 'pillion'
import type { Explanation } from '../explanation.js'
import { Sql } from './sql.js'

interface InspectorProps {
  /** The same answer from the API. */
  readonly api: string
  /** What each statement was sent for, in their order. */
  readonly purposes: readonly string[]
  readonly explain: Explanation
}

export function Inspector({ api, purposes, explain }: InspectorProps) {
  return (
    <aside class="inspector" aria-labelledby="behind">
      <h2 id="behind">Behind this page</h2>
      <p class="request">
        <span class="method">GET</span> <a href={api}>{decodeURI(api)}</a>
      </p>
      {explain.statements.map((text, index) => (
        <details class="statement" open={index === 0}>
          <summary>
            {purposes[index]} <span class="quiet">SQL</span>
          </summary>
          <Sql text={text} />
        </details>
      ))}
      <h3>Joins</h3>
      <ul class="joins">
        {explain.joins.map(join => (
          <Join {...join} />
        ))}
      </ul>
    </aside>
  )
}

function Join({ kind, alias, path, cardinality, because, mentions }: JoinExplanation) {
  const places = placesOf(mentions)
  const apart = new Set(places.map(([, at]) => at)).size
  return (
    <li>
      <p>
        <span class="kind">{kind}</span> <code class="alias">{alias}</code> <span class="quiet">{path}</span>
      </p>
      {kind !== 'from' && (
        <dl>
          <dt>{cardinality}</dt>
          <dd>{because}</dd>
          {places.map(([clause, at]) => (
            <>
              <dt>{clause}</dt>
              <dd>
                <code>{at}</code>
              </dd>
            </>
          ))}
        </dl>
      )}
      {kind !== 'from' && apart > 1 && <p class="once">One join, mentioned in {apart} places.</p>}
    </li>
  )
}

/** Each clause of each place once: what hangs below a join has its own mentions. */
function placesOf(mentions: JoinExplanation['mentions']): readonly (readonly [clause: string, at: string])[] {
  const places = mentions.map(({ clause, at = 'unknown' }) => [clause.replace(/,.*/, ''), at] as const)
  return [...new Map(places.map(place => [place.join(' '), place])).values()]
}
