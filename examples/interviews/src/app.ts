/**
 * The example over HTTP: the API, and the page that shows it at work.
 *
 * @module
 */
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { Database } from 'pillion'
import { apiRoutes } from './api/routes.js'
import type { DB } from './db.js'
import type { Orm } from './orm/orm.js'
import { pageRoutes } from './page/routes.js'

/** The app over a database, where an ORM writes. `report` is told of what should not have happened. */
export function interviewsApp(db: Database<DB>, orm: Orm, report: (error: unknown) => void): Hono {
  const app = new Hono()
  const self = ["'self'"]
  const contentSecurityPolicy = {
    defaultSrc: ["'none'"],
    styleSrc: self,
    imgSrc: self,
    formAction: self,
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  }
  app.use(secureHeaders({ contentSecurityPolicy }))
  app.route('/api', apiRoutes(db, orm, report))
  app.route('/', pageRoutes(db, orm, report))
  return app
}
