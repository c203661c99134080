import { memo } from 'react'
import { isOnlyEmoji } from '../../chat/emoji.ts'
import { piecesOf, type Piece } from '../../chat/markup.ts'

/** What somebody wrote. Every piece is text to React: nothing in it is ever markup of the page. */
export const MessageText = memo(({ text }: { text: string }) => {
  if (isOnlyEmoji(text)) return <p className="text-3xl leading-snug">{text}</p>
  return (
    <div dir="auto" className="text-sm leading-relaxed wrap-anywhere whitespace-pre-wrap">
      {piecesOf(text).map((piece, at) => (
        <PieceView key={at} piece={piece} />
      ))}
    </div>
  )
})

function PieceView({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case 'text':
      return piece.text
    case 'code':
      return (
        <code dir="ltr" className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-[0.92em]">
          {piece.text}
        </code>
      )
    case 'block':
      return (
        // A long line of code is scrolled, by keyboard, too.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre dir="ltr" tabIndex={0} className="my-1 max-h-72 overflow-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-relaxed whitespace-pre">
          <code>{piece.text}</code>
        </pre>
      )
    case 'link':
      return (
        <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc" className="font-medium text-brand-ink underline decoration-1 underline-offset-2 hover:decoration-2">
          {piece.text}
        </a>
      )
  }
}
