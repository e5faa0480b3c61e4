import type { Host } from 'pillion'

/** The host, noting down what it is sent. */
export function remembering<H extends Host>(host: H, log: string[]): H {
  return {
    ...host,
    run(target, statement, options) {
      log.push(statement.text)
      return host.run(target, statement, options)
    },
    stream(target, statement, options) {
      log.push(statement.text)
      return host.stream(target, statement, options)
    },
  }
}
