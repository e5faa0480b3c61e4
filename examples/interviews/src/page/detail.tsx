/**
 * The page of one interview.
 *
 * @module
 */
import type { ShowRequest } from '../api/parameters.js'
import type { Explanation } from '../explanation.js'
import type { ShownInterview } from '../queries/interview-detail.js'
import { Inspector } from './inspector.js'
import { Layout } from './layout.js'
import { apiOfDetail, departmentOf } from './links.js'
import { Day, Rating, StatusName } from './words.js'

interface DetailProps {
  readonly request: ShowRequest
  readonly interview: ShownInterview & { readonly explain: Explanation }
}

export function Detail({ request: { id, me }, interview }: DetailProps) {
  const { title, candidate, status, position, department, lead, scheduledAt, mine, evaluations, explain } = interview
  return (
    <Layout title={`${title} · Interviews`}>
      <main id="main">
        <p class="back">
          <a href={`/?me=${me}`}>← All interviews</a>
        </p>
        <header>
          <h1>{title}</h1>
          <p class="quiet">
            {candidate} for {position.title}, {position.team}
          </p>
        </header>
        <dl class="facts">
          <div>
            <dt>Status</dt>
            <dd>
              <StatusName of={status} />
            </dd>
          </div>
          <div>
            <dt>Scheduled</dt>
            <dd>
              <Day at={scheduledAt} />
            </dd>
          </div>
          <div>
            <dt>Department</dt>
            <dd>
              <a href={departmentOf(department.id, me)}>{department.name}</a>
            </dd>
          </div>
          <div>
            <dt>Lead</dt>
            <dd>{lead?.fullName ?? <span class="quiet">nobody</span>}</dd>
          </div>
          <div>
            <dt>My rating</dt>
            <dd>
              <Rating value={mine?.rating ?? null} /> {mine?.note}
            </dd>
          </div>
        </dl>
        <h2>Evaluations I may read</h2>
        <ol class="evaluations">
          {evaluations.map(({ by, rating, note, createdAt }) => (
            <li>
              <Rating value={rating} />
              <div>
                <p>{note ?? <span class="quiet">No note</span>}</p>
                <p class="quiet">
                  {by.fullName}
                  {by.id === me && ', that is you'} · <Day at={createdAt} />
                </p>
              </div>
            </li>
          ))}
        </ol>
      </main>
      <Inspector api={apiOfDetail(id, me)} purposes={['This interview, all of it']} explain={explain} />
    </Layout>
  )
}
