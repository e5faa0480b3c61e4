import { expect, it } from 'vitest'
import { importAny } from '../src/drivers/driver.js'

it('names the packages to install where the project has no driver, and not what it takes of them', async () => {
  await expect(importAny(['nobodys-driver/promise', 'no-such-driver', 'node:none'], 'MySQL')).rejects.toMatchObject({
    message: 'MySQL needs a driver: install nobodys-driver or no-such-driver',
    exitCode: 2,
  })
})
