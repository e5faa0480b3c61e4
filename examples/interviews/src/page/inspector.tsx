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
  return (
    <li>
      <p class="join">
        <span class={`kind ${kind}`}>{kind}</span> <code class="alias">{alias}</code> <span class="quiet">{path}</span>
      </p>
      <dl>
        <dt>{cardinality}</dt>
        <dd>{because}</dd>
        {mentions.map(({ clause, at }) => (
          <>
            <dt>{clause.split(',')[0]}</dt>
            <dd>
              <code>{at ?? 'unknown'}</code>
              {clause.includes(',') && <span class="quiet">{clause.slice(clause.indexOf(',') + 1)}</span>}
            </dd>
          </>
        ))}
      </dl>
    </li>
  )
}
