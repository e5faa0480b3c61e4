import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findBrowser, launchBrowser } from '../../../test/support/browser.js'
import { skipAloud } from '../../../test/support/skip.js'
import type { Explanation } from '../src/explanation.js'
import { listen, type Server } from '../src/server.js'
import { type Example, type Ground, interviews, openExample } from './support.js'

const program = findBrowser()

interface List {
  readonly rows: readonly { readonly id: number; readonly title: string }[]
  readonly total: number
  readonly explain: Explanation
}

interface Department {
  readonly interviews: number
  readonly children: readonly { readonly name: string; readonly interviews: number }[]
  readonly explain: Explanation
}

const titlesOf = ({ rows }: List) => rows.map(({ title }) => title)

describe.skipIf(skipAloud('browser', program, 'install chromium, or name one by PILLION_TEST_BROWSER'))(
  'the page',
  () => {
    let ground: Ground
    let example: Example
    let server: Server
    let browser: Browser

    beforeAll(async () => {
      ground = await interviews()
      example = await openExample('prisma', ground.url)
      server = await listen(example.app, 0)
      browser = await launchBrowser(program as string)
    })

    afterAll(async () => {
      await browser.close()
      await server.close()
      await example.orm.close()
      await ground.drop()
    })

    describe.each([
      { scripts: 'without scripts', javaScriptEnabled: false },
      { scripts: 'with scripts', javaScriptEnabled: true },
    ])('$scripts', ({ javaScriptEnabled }) => {
      let context: BrowserContext
      let page: Page
      /** What the browser complains of: blocked by the policy, not found, thrown. */
      let complaints: string[]

      beforeEach(async () => {
        context = await browser.newContext({ javaScriptEnabled, baseURL: server.url })
        page = await context.newPage()
        complaints = []
        page.on('console', message => complaints.push(message.text()))
        page.on('pageerror', error => complaints.push(error.message))
      })

      afterEach(() => context.close())

      const titles = () => page.locator('.list tbody th a').allTextContents()

      /** What the API says that the link beside the page leads to. */
      async function beside(): Promise<List> {
        const path = await page.locator('.request a').getAttribute('href')
        return (await (await fetch(new URL(path ?? '', server.url))).json()) as List
      }

      const besideDepartment = async () => (await beside()) as unknown as Department

      /** The SQL and the joins on the page are those that the API explains. */
      async function expectSameExplanation({ explain }: Pick<List, 'explain'>): Promise<void> {
        expect(await page.locator('.sql').allTextContents()).toEqual(explain.statements)
        expect(await page.locator('.joins .alias').allTextContents()).toEqual(explain.joins.map(({ alias }) => alias))
        expect(await page.locator('.joins .kind').allTextContents()).toEqual(explain.joins.map(({ kind }) => kind))
      }

      test('lists what the API lists, and explains it alike', async () => {
        await page.goto('/')
        const api = await beside()
        expect(await titles()).toEqual(titlesOf(api))
        expect(await titles()).toHaveLength(20)
        expect(await page.getByRole('status').textContent()).toContain(api.total.toLocaleString('en'))
        await expectSameExplanation(api)
        expect(complaints).toEqual([])
      })

      test('filters, by labelled fields that keep what they were given', async () => {
        await page.goto('/')
        await page.getByLabel('Search', { exact: true }).fill('ada')
        await page.getByLabel('I am').selectOption('42')
        await page.getByLabel('Status').selectOption('done')
        await page.getByLabel('Rated at least').selectOption('9')
        await page.getByLabel('Sort by').selectOption('Title')
        await page.getByRole('button', { name: 'Show' }).click()
        await page.waitForURL(/q=ada/)

        expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ me: '42', status: 'done' })
        const api = await beside()
        expect(await titles()).toEqual(titlesOf(api))
        expect(api.total).toBeGreaterThan(0)
        await expectSameExplanation(api)
        expect(await page.getByLabel('Search', { exact: true }).inputValue()).toBe('ada')
        expect(await page.getByLabel('Sort by').inputValue()).toBe('title')
        expect(await page.getByText('One join, mentioned in 2 places.').count()).toBeGreaterThan(0)
      })

      test('turns to the next page and back', async () => {
        await page.goto('/?me=7&sort=created&q=a')
        const first = await titles()
        expect(await page.getByRole('link', { name: 'Previous' }).count()).toBe(0)

        await page.getByRole('link', { name: 'Next' }).click()
        await page.waitForURL(/after=/)
        const second = await titles()
        expect(second).toHaveLength(20)
        expect(second.filter(title => first.includes(title))).toEqual([])
        await expectSameExplanation(await beside())

        await page.getByRole('link', { name: 'Previous' }).click()
        await page.waitForURL(/before=/)
        expect(await titles()).toEqual(first)
      })

      test('says so when nothing is like that, and when the request makes no sense', async () => {
        await page.goto('/?q=nowhere')
        expect(await page.locator('main').textContent()).toContain('None that you may see is like that.')
        const refused = await page.goto('/?sort=lead')
        expect(refused?.status()).toBe(400)
        expect(await page.locator('main').textContent()).toContain('sort is one of rating, created, title.')
        expect((await page.goto('/interviews/10001'))?.status()).toBe(404)
        expect((await page.goto('/nowhere'))?.status()).toBe(404)
      })

      test('shows one interview with its evaluations', async () => {
        await page.goto('/?me=7')
        const [title = ''] = await titles()
        await page.getByRole('link', { name: title, exact: true }).click()
        await page.waitForURL(/interviews\/\d+/)
        expect(await page.locator('h1').textContent()).toBe(title)

        const path = await page.locator('.request a').getAttribute('href')
        const shown = (await (await fetch(new URL(path ?? '', server.url))).json()) as {
          readonly evaluations: readonly { readonly rating: number; readonly by: { readonly fullName: string } }[]
          readonly explain: Explanation
        }
        const items = await page.locator('.evaluations li').allTextContents()
        expect(items).toHaveLength(shown.evaluations.length)
        for (const [index, { rating, by }] of shown.evaluations.entries()) {
          expect(items[index]).toContain(String(rating))
          expect(items[index]).toContain(by.fullName)
        }
        expect(await page.locator('.sql').allTextContents()).toEqual(shown.explain.statements)
        await page.getByRole('link', { name: 'All interviews' }).click()
        await page.waitForURL(/\/\?me=7$/)
        expect(complaints).toEqual([])
      })

      test('browses departments, down by links and up by the path', async () => {
        await page.goto('/?me=7')
        await page.getByRole('link', { name: 'Departments' }).click()
        await page.waitForURL(/departments/)
        for (const name of ['Europe', 'Germany', 'Engineering']) {
          await page.locator('.list').getByRole('link', { name, exact: true }).click()
          await page.waitForURL(/departments\/\d+/)
          expect(await page.locator('h1').textContent()).toBe(name)
        }
        expect(await page.locator('.path li').allTextContents()).toEqual([
          'Departments',
          'Europe',
          'Germany',
          'Engineering',
        ])
        const shown = await besideDepartment()
        expect(await page.locator('.list tbody th a').allTextContents()).toEqual(shown.children.map(({ name }) => name))
        expect(await page.locator('.list tbody td:last-child a').allTextContents()).toEqual(
          shown.children.map(({ interviews }) => String(interviews)),
        )
        await expectSameExplanation(shown)

        await page.getByRole('link', { name: `${shown.interviews} interviews under this department` }).click()
        await page.waitForURL(/under=3/)
        expect(await page.getByRole('status').textContent()).toContain(String(shown.interviews))
        expect(await page.getByLabel('Department').inputValue()).toBe('3')
        expect(await titles()).toEqual(titlesOf(await beside()))
        expect(complaints).toEqual([])
      })

      test('moves a department, and says why where it cannot be moved', async () => {
        const path = () => page.locator('.path li').allTextContents()
        await page.goto('/departments/4?me=7')
        const before = await path()
        // itself and what is below it are not among the places it can be moved to
        const places = await page
          .locator('.move option')
          .evaluateAll(each => (each as unknown as { value: string }[]).map(({ value }) => value))
        expect(places).toContain('3')
        expect(places.filter(value => ['4', '5', '6', '7'].includes(value))).toEqual([])
        expect(await page.getByLabel('Below').inputValue()).toBe('3')

        await page.getByLabel('Below').selectOption('200')
        // meanwhile somebody else moves what it is to be moved below
        const meanwhile = (parentId: number) =>
          fetch(new URL('/api/departments/200?me=7', server.url), {
            method: 'PATCH',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ parentId }),
          })
        const [was] = await ground.sql<{ parent_id: number }>('SELECT parent_id FROM department WHERE id = 200')
        expect((await meanwhile(4)).status).toBe(200)
        await page.getByRole('button', { name: 'Move' }).click()
        await page.getByRole('alert').waitFor()
        expect(await page.getByRole('alert').textContent()).toMatch(
          /^Backend cannot be moved below .*, which is below it\.$/,
        )
        expect(await path()).toEqual(before)
        expect((await meanwhile(was?.parent_id ?? 0)).status).toBe(200)

        await page.goto('/departments/4?me=7')
        await page.getByLabel('Below').selectOption('')
        await page.getByRole('button', { name: 'Move' }).click()
        await expect.poll(path).toEqual(['Departments', 'Backend'])
        await page.getByLabel('Below').selectOption('3')
        await page.getByRole('button', { name: 'Move' }).click()
        await expect.poll(path).toEqual(before)
        // the browser tells of the refusal's status, and of nothing else
        expect(complaints.filter(each => !each.includes('409'))).toEqual([])
      })

      test('is no wider than a telephone', async () => {
        await page.setViewportSize({ width: 360, height: 740 })
        for (const path of ['/?me=7', '/interviews/152?me=7', '/departments?me=7', '/departments/3?me=7']) {
          await page.goto(path)
          const box = await page.locator('.frame').boundingBox()
          expect(box?.width).toBe(360)
          const overflowing = await page
            .locator('main, .inspector, .list, .filters, .move, .path, .sql, .joins')
            .evaluateAll(elements =>
              // The browser's own types are not those of this program.
              (elements as unknown as { getBoundingClientRect(): { right: number }; className: string }[])
                .filter(element => element.getBoundingClientRect().right > 360)
                .map(element => element.className),
            )
          expect(overflowing).toEqual([])
        }
      })
    })

    test('escapes what it was given', async () => {
      const attack = '"><img src=x onerror=alert(1)>'
      const response = await example.app.request(`/?${new URLSearchParams({ q: attack })}`)
      const html = await response.text()
      expect(html).not.toContain('<img')
      expect(html).toContain('&lt;img')
    })

    test('lets no form of another site move a department', async () => {
      const response = await example.app.request('/departments/4?me=7', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://elsewhere.example' },
        body: 'parentId=',
      })
      expect(response.status).toBe(403)
      expect(await ground.sql('SELECT parent_id FROM department WHERE id = 4')).toEqual([{ parent_id: 3 }])
      expect(example.failures).toEqual([])
    })

    test('allows nothing from elsewhere, and no script at all', async () => {
      const { headers } = await example.app.request('/')
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('script-src')
      expect(policy).not.toContain('unsafe')
    })
  },
)
