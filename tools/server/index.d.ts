/** A running server. */
export interface Server {
  /** The superuser's URL, with a password made for this server alone. */
  readonly url: string
  /** Stops the server and removes its folder. Calling it again awaits the same end. */
  stop(): Promise<void>
}

/** One kind of server: the exports of a module, by which the keeper installs, starts, and stops it. */
export interface Kind<Options> {
  /** As its folder is called. */
  readonly name: string
  /** What its log says once it takes connections. */
  readonly ready: string
  /** What its log says when another process has the port. */
  readonly portTaken: string
  /** The signal that ends its sessions and then the server. */
  readonly stopSignal: NodeJS.Signals
  /** Lays out its data. */
  install(site: Site, options: Options): Promise<Installed>
}

/** Where to install. */
export interface Site {
  /** A folder that belongs to the server's user, and is removed after the server's end. */
  readonly folder: string
  /** The superuser's, to be. */
  readonly password: string
  /** Writes a file that only the server's user can read, and returns its path. */
  write(name: string, content: string): Promise<string>
  /** Runs a program as the server's user. */
  run(program: string, args: readonly string[]): Promise<unknown>
}

/** What is ready to be started. */
export interface Installed {
  readonly program: string
  args(port: number): readonly string[]
  url(port: number): string
  /** Takes away what a server that was killed has left outside of its folder. */
  clear?(): Promise<void>
}

/**
 * Starts a server of its own: in a fresh temporary folder, on a free port of the loopback interface, with a random
 * password. It ends with whichever comes first: `stop()`, or the end of this process, however it ends.
 *
 * @param kind The URL of the module that is its {@link Kind}.
 */
export function startServer(kind: URL, options: object): Promise<Server>
