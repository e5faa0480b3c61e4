import { describe, expect, test } from 'vitest'
import { findBrowser, launchBrowser } from './browser.js'
import { skipAloud } from './skip.js'

const program = findBrowser()

describe.skipIf(skipAloud('browser', program, 'install chromium, or name one by PILLION_TEST_BROWSER'))(
  'the browser',
  () => {
    test('shows a page and runs its script', async () => {
      const browser = await launchBrowser(program as string)
      try {
        const page = await browser.newPage()
        await page.setContent('<p>before</p><script>document.querySelector("p").textContent = 6 * 7</script>')
        expect(await page.textContent('p')).toBe('42')
      } finally {
        await browser.close()
      }
    })
  },
)
