/**
 * SQL as it was sent, its words told apart.
 *
 * @module
 */

const token = /("(?:[^"]|"")*"|'(?:[^']|'')*'|\$\d+|\b[A-Z]{2,}\b)/

/** A statement. Its text is what was sent, to the letter. */
export function Sql({ text }: { readonly text: string }) {
  return (
    <pre class="sql" tabindex={0} role="region" aria-label="SQL">
      <code>{text.split(token).map(part => mark(part))}</code>
    </pre>
  )
}

function mark(part: string) {
  if (/^[A-Z]{2,}$/.test(part)) return <b>{part}</b>
  if (/^\$\d+$/.test(part)) return <var>{part}</var>
  return part
}
