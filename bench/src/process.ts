/** A contender's process, seen from the bench. @module */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answers, Greeting, Reply, Request } from './messages.js'

export interface ContenderProcess extends AsyncDisposable {
  readonly name: string
  ask<R extends Request>(request: R): Promise<Answers[R['kind']]>
}

/** Why a contender does not take part. */
export interface Absent {
  readonly name: string
  readonly absent: string
}

/** Starts a contender in a process of its own, which ends when disposed of, or at once on `signal`. */
export async function startContender(
  { name, file }: { readonly name: string; readonly file: string },
  url: string,
  signal: AbortSignal,
): Promise<ContenderProcess | Absent> {
  const child = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), [file, url], {
    execArgv: ['--expose-gc'],
    signal,
  })
  child.on('error', ignore)
  const greeting = await heard<Greeting>(child)
  if (!greeting.ready) return { name, absent: greeting.reason }

  const ask = async <R extends Request>(request: R): Promise<Answers[R['kind']]> => {
    child.send(request)
    const reply = await heard<Reply>(child)
    if (!reply.ok) throw new Error(`${name} failed: ${reply.error}`)
    return reply.answer as Answers[R['kind']]
  }
  return {
    name,
    ask,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      if (child.connected) child.send({ kind: 'close' } satisfies Request)
      const deadline = setTimeout(() => child.kill('SIGKILL'), 5000)
      await gone
      clearTimeout(deadline)
    },
  }
}

/** The child's next message; a rejection if it ends, or is ended, without one. */
export function heard<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const settled = (settle: () => void) => {
      child.off('message', onMessage).off('exit', onExit).off('error', onError)
      settle()
    }
    const onMessage = (message: unknown) => settled(() => resolve(message as Message))
    const onExit = (code: number | null) => settled(() => reject(new Error(`a contender ended with code ${code}`)))
    const onError = (error: Error) => settled(() => reject(error))
    child.on('message', onMessage).on('exit', onExit).on('error', onError)
  })
}

/** An aborted child raises `error` even when nobody is waiting for it. */
function ignore(): void {}
