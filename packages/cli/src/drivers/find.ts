/**
 * Which driver a URL is for, and what is said when it cannot connect.
 *
 * @module
 */
import { ConnectionError, explain, type ExitError, UsageError } from '../failure.js'
import type { Driver } from './driver.js'
import { mysql } from './mysql.js'
import { postgres } from './postgres.js'
import { sqlite } from './sqlite.js'

const drivers: readonly Driver[] = [postgres, mysql, sqlite]

/** The driver of the databases that this URL is of. */
export function driverOf(url: string): Driver {
  const driver = drivers.find(each => each.matches(url))
  if (driver !== undefined && driver.dialect !== 'sqlite' && !isEscaped(url)) {
    throw UsageError('the database URL has a % that begins no escape: write %25 for one in a name or a password')
  }
  if (driver !== undefined && driver.dialect !== 'sqlite' && endsEarly(url)) {
    throw UsageError(
      'the database URL has an @ behind what is taken for its host: in a password write %2F for /, %3F for ? and %23 for #',
    )
  }
  if (driver !== undefined) return driver
  throw UsageError(
    'the database URL is of none of the forms postgres://user:password@host:5432/database, mysql://user:password@host:3306/database and sqlite:file',
  )
}

function isEscaped(url: string): boolean {
  try {
    decodeURIComponent(url)
    return true
  } catch {
    return false
  }
}

/** Does a password's own character end the host? What comes behind is taken for a name that may be shown, and is the password. */
function endsEarly(url: string): boolean {
  const { pathname, search, hash } = new URL(url)
  return pathname.includes('@') || hash.includes('@') || /^[^=]*@/.test(search)
}

/** What is being opened, or why it cannot be. */
export async function connected<T>(shown: string, opening: Promise<T>): Promise<T> {
  return opening.catch((error: unknown) => {
    if (isTold(error)) throw error
    throw ConnectionError(`cannot connect to ${shown}: ${reason(error)}`)
  })
}

const isTold = (error: unknown): error is ExitError => (error as Partial<ExitError>).exitCode !== undefined

/** A refused connection comes as one error an address, without a message of its own. */
function reason(error: unknown): string {
  const { errors = [] } = error as { readonly errors?: readonly unknown[] }
  return explain(error) || errors.map(explain).join(', ')
}
