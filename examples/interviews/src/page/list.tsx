/**
 * The page of the list.
 *
 * @module
 */
import type { InterviewPage } from '../api/interviews.js'
import type { ListRequest } from '../api/parameters.js'
import type { Explanation } from '../explanation.js'
import type { ListedInterview } from '../queries/interview-list.js'
import type { NamedDepartment } from '../queries/departments.js'
import type { Person } from '../queries/people.js'
import { Filters } from './filters.js'
import { Inspector } from './inspector.js'
import { Layout, Sections } from './layout.js'
import { apiOf, detailOf, listOf } from './links.js'
import { Day, inDigits, Rating, StatusName } from './words.js'

interface ListProps {
  readonly request: ListRequest
  readonly people: readonly Person[]
  readonly departments: readonly NamedDepartment[]
  readonly page: InterviewPage & { readonly explain: Explanation }
}

export function List({ request, people, departments, page }: ListProps) {
  return (
    <Layout title="Interviews">
      <main id="main">
        <header>
          <h1>Interviews</h1>
          <Sections me={request.me} at="interviews" />
          <p class="quiet" role="status">
            {page.total === 1 ? '1 that you may see' : `${inDigits(page.total)} that you may see`}
          </p>
        </header>
        <Filters {...{ request, people, departments }} />
        {page.rows.length === 0 ? (
          <p class="empty">None that you may see is like that.</p>
        ) : (
          <Rows {...{ request, page }} />
        )}
        <Pager {...{ request, page }} />
      </main>
      <Inspector api={apiOf(request)} purposes={['This page', 'How many in all']} explain={page.explain} />
    </Layout>
  )
}

function Rows({ request, page }: Pick<ListProps, 'request' | 'page'>) {
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">Interview</th>
          <th scope="col">Status</th>
          <th scope="col" class="roomy">
            Scheduled
          </th>
          <th scope="col" class="roomy">
            Lead
          </th>
          <th scope="col" class="figure">
            My rating
          </th>
        </tr>
      </thead>
      <tbody>
        {page.rows.map(row => (
          <Row row={row} me={request.me} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row, me }: { readonly row: ListedInterview; readonly me: number }) {
  return (
    <tr>
      <th scope="row">
        <a href={detailOf(row.id, me)}>{row.title}</a>
        <span class="quiet">
          {row.candidate} for {row.position}, {row.team} · {row.department}
        </span>
      </th>
      <td>
        <StatusName of={row.status} />
      </td>
      <td class="roomy">
        <Day at={row.scheduledAt} />
      </td>
      <td class="roomy">{row.lead ?? <span class="quiet">nobody</span>}</td>
      <td class="figure">
        <Rating value={row.myRating} />
      </td>
    </tr>
  )
}

function Pager({ request, page }: Pick<ListProps, 'request' | 'page'>) {
  const { next, previous } = page
  return (
    <nav class="pager" aria-label="Pages">
      <Turn
        href={previous === null ? undefined : listOf({ ...request, before: previous, after: undefined })}
        rel="prev"
      >
        ← Previous
      </Turn>
      <Turn href={next === null ? undefined : listOf({ ...request, after: next, before: undefined })} rel="next">
        Next →
      </Turn>
    </nav>
  )
}

/** A link, or what a link would say where there is nowhere to go. */
function Turn({
  href,
  rel,
  children,
}: {
  readonly href: string | undefined
  readonly rel: string
  readonly children?: string
}) {
  return href === undefined ? <span class="quiet">{children}</span> : <a {...{ href, rel }}>{children}</a>
}
