/**
 * The filters of the list: a form that GETs the page again.
 *
 * @module
 */
import type { ListRequest } from '../api/parameters.js'
import type { NamedDepartment } from '../queries/departments.js'
import type { Person } from '../queries/people.js'
import { type SortName, sortNames } from '../queries/interview-list.js'
import { statuses } from '../rows.js'
import { inTreeOrder, indented } from './tree-order.js'

const sortTitles: Readonly<Record<SortName, string>> = {
  rating: 'My rating',
  created: 'Newest first',
  title: 'Title',
}

interface FiltersProps {
  readonly request: ListRequest
  readonly people: readonly Person[]
  readonly departments: readonly NamedDepartment[]
}

export function Filters({ request: { me, search, sort, size }, people, departments }: FiltersProps) {
  return (
    <form class="filters" action="/" method="get" role="search" aria-label="Interviews">
      <label class="wide">
        Search
        <input type="search" name="q" value={search.q} placeholder="Title or candidate" maxlength={100} />
      </label>
      <label>
        I am
        <select name="me">
          {!people.some(({ id }) => id === me) && (
            <option value={me} selected>
              Nobody (number {me})
            </option>
          )}
          {people.map(({ id, fullName, username }) => (
            <option value={id} selected={id === me}>
              {fullName} ({username})
            </option>
          ))}
        </select>
      </label>
      <label>
        Status
        <select name="status">
          <option value="">Any</option>
          {statuses.map(status => (
            <option selected={status === search.status}>{status}</option>
          ))}
        </select>
      </label>
      <label>
        Rated at least
        <select name="minRating">
          <option value="">Any</option>
          {[10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map(rating => (
            <option selected={rating === search.minRating}>{rating}</option>
          ))}
        </select>
      </label>
      <label class="wide">
        Department
        <select name="under">
          <option value="">Any</option>
          {inTreeOrder(departments).map(each => (
            <option value={each.id} selected={each.id === search.under}>
              {indented(each)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Sort by
        <select name="sort">
          {sortNames.map(name => (
            <option value={name} selected={name === sort}>
              {sortTitles[name]}
            </option>
          ))}
        </select>
      </label>
      <input type="hidden" name="size" value={size} />
      <button type="submit">Show</button>
    </form>
  )
}
