/**
 * The pages of departments: those below none, and one with what is above and below it.
 *
 * @module
 */
import type { Roots } from '../api/departments.js'
import type { RootsRequest, ShowRequest } from '../api/parameters.js'
import type { Problem } from '../api/problem.js'
import type { Explanation } from '../explanation.js'
import type { CountedDepartment, NamedDepartment, ShownDepartment } from '../queries/departments.js'
import { Inspector } from './inspector.js'
import { Layout, Sections } from './layout.js'
import { apiOfDepartment, apiOfDepartments, departmentOf, departmentsOf, interviewsUnder } from './links.js'
import { indented, inTreeOrder } from './tree-order.js'
import { inDigits } from './words.js'

interface DepartmentsProps {
  readonly request: RootsRequest
  readonly roots: Roots & { readonly explain: Explanation }
}

export function DepartmentsPage({ request: { me }, roots: { rows, explain } }: DepartmentsProps) {
  return (
    <Layout title="Departments">
      <main id="main">
        <header>
          <h1>Departments</h1>
          <Sections me={me} at="departments" />
        </header>
        <Table rows={rows} me={me} />
      </main>
      <Inspector api={apiOfDepartments(me)} purposes={['The departments below none']} explain={explain} />
    </Layout>
  )
}

interface DepartmentProps {
  readonly request: ShowRequest
  readonly department: ShownDepartment & { readonly explain: Explanation }
  readonly elsewhere: readonly NamedDepartment[]
  /** Why the move that was asked for is refused. */
  readonly problem: Problem | undefined
}

export function DepartmentPage({ request: { me }, department, elsewhere, problem }: DepartmentProps) {
  const { id, name, path, children, departments, interviews, explain } = department
  return (
    <Layout title={`${name} · Departments`}>
      <main id="main">
        <Path of={path} name={name} me={me} />
        <header>
          <h1>{name}</h1>
          <p class="quiet">
            {told(departments, 'department')} below it ·{' '}
            <a href={interviewsUnder(id, me)}>{told(interviews, 'interview')} under this department</a>
          </p>
        </header>
        {children.length === 0 ? <p class="empty">No department is below it.</p> : <Table rows={children} me={me} />}
        <Move {...{ department, elsewhere, me, problem }} />
      </main>
      <Inspector api={apiOfDepartment(id, me)} purposes={['This department, all of it']} explain={explain} />
    </Layout>
  )
}

function Path({ of, name, me }: { readonly of: ShownDepartment['path']; readonly name: string; readonly me: number }) {
  return (
    <nav class="path" aria-label="Path">
      <ol>
        <li>
          <a href={departmentsOf(me)}>Departments</a>
        </li>
        {of.map(each => (
          <li>
            <a href={departmentOf(each.id, me)}>{each.name}</a>
          </li>
        ))}
        <li aria-current="page">{name}</li>
      </ol>
    </nav>
  )
}

function Table({ rows, me }: { readonly rows: readonly CountedDepartment[]; readonly me: number }) {
  return (
    <table class="list departments">
      <thead>
        <tr>
          <th scope="col">Department</th>
          <th scope="col" class="figure">
            Below it
          </th>
          <th scope="col" class="figure">
            Interviews
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, name, departments, interviews }) => (
          <tr>
            <th scope="row">
              <a href={departmentOf(id, me)}>{name}</a>
            </th>
            <td class="figure">{departments === 0 ? <span class="quiet">–</span> : inDigits(departments)}</td>
            <td class="figure">
              <a href={interviewsUnder(id, me)} aria-label={`${inDigits(interviews)} interviews under ${name}`}>
                {inDigits(interviews)}
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Move({ department, elsewhere, me, problem }: Omit<DepartmentProps, 'request'> & { readonly me: number }) {
  const parent = department.path.at(-1)?.id
  return (
    <form class="move" action={departmentOf(department.id, me)} method="post" aria-label="Move">
      <h2>Move it</h2>
      {problem && (
        <p class="refused" role="alert">
          {problem.detail}
        </p>
      )}
      <label>
        Below
        <select name="parentId">
          <option value="">None: at the top</option>
          {inTreeOrder(elsewhere).map(each => (
            <option value={each.id} selected={each.id === parent}>
              {indented(each)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">Move</button>
      <p class="quiet">
        {department.departments === 0
          ? 'One UPDATE by the ORM; triggers keep the links.'
          : `One UPDATE by the ORM; triggers keep the links of it and of the ${inDigits(department.departments)} below it.`}
      </p>
    </form>
  )
}

const told = (count: number, what: string) => `${inDigits(count)} ${what}${count === 1 ? '' : 's'}`
