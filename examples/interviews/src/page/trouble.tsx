/**
 * The page of what is wrong with a request.
 *
 * @module
 */
import type { Problem } from '../api/problem.js'
import { Layout } from './layout.js'

export function Trouble({ problem }: { readonly problem: Problem }) {
  return (
    <Layout title={problem.title}>
      <main id="main" class="trouble">
        <header>
          <p class="quiet">{problem.status}</p>
          <h1>{problem.title}</h1>
        </header>
        <p>{problem.detail}</p>
        <p>
          <a href="/">← All interviews</a>
        </p>
      </main>
    </Layout>
  )
}
