/** Loaded before a program: its connections to PostgreSQL say no farewell before the server says its own, as chance has it. */
import pg from 'pg'

Object.assign(pg.Client.prototype, {
  /**
   * @this {pg.Client}
   * @param {() => void} done
   */
  end(done) {
    this.once('end', done)
  },
})
