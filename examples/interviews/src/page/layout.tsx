/**
 * What all pages share.
 *
 * @module
 */
import type { Child } from 'hono/jsx'
import { departmentsOf } from './links.js'

interface LayoutProps {
  readonly title: string
  readonly children?: Child
}

/** The two ways in. */
export function Sections({ me, at }: { readonly me: number; readonly at: 'interviews' | 'departments' }) {
  const to = { interviews: `/?me=${me}`, departments: departmentsOf(me) } as const
  return (
    <nav class="sections" aria-label="Sections">
      {(['interviews', 'departments'] as const).map(name =>
        name === at ? <span aria-current="page">{titles[name]}</span> : <a href={to[name]}>{titles[name]}</a>,
      )}
    </nav>
  )
}

const titles = { interviews: 'Interviews', departments: 'Departments' } as const

export function Layout({ title, children }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <div class="frame">{children}</div>
      </body>
    </html>
  )
}
