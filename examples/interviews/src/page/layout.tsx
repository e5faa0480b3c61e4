/**
 * What all pages share.
 *
 * @module
 */
import type { Child } from 'hono/jsx'

interface LayoutProps {
  readonly title: string
  readonly children?: Child
}

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
          Skip to the interviews
        </a>
        <div class="frame">{children}</div>
      </body>
    </html>
  )
}
