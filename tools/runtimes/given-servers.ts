/**
 * Vitest's global setup on another Node: the PostgreSQL 18 of the run that starts it, and nothing else.
 *
 * @module
 */
import type { TestProject } from 'vitest/node'
import type {} from '../../test/support/servers.js'

export default function givenServers(project: TestProject) {
  project.provide('postgres18', process.env['PILLION_TEST_POSTGRES_URL'] ?? '')
  project.provide('postgres15', undefined)
  project.provide('mariadb', undefined)
  project.provide('mysql', undefined)
  project.provide('sqlite', undefined)
}
