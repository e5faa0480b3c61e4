#!/usr/bin/env node
// npm makes a command of what is there when it installs: in a checkout the build comes later.
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.js', import.meta.url)
if (existsSync(main)) await import(main.href)
else {
  process.stderr.write('pillion: this checkout has not been built: run npm run build in it first\n')
  process.exitCode = 4
}
