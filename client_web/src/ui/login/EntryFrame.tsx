import type { ReactNode } from 'react'
import { Logo } from '../components/Logo.tsx'

/** The page around every way of entering: the form beside a picture on a desk, below it on a phone. */
export function EntryFrame({ picture, children }: { picture: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col-reverse lg:flex-row">
      <main id="content" className="relative z-10 -mt-6 flex flex-1 flex-col rounded-t-2xl bg-canvas px-5 pt-7 pb-8 sm:px-10 lg:mt-0 lg:max-w-[34rem] lg:min-w-[30rem] lg:rounded-none lg:px-14 lg:py-10">
        <div className="mx-auto hidden w-full max-w-[25rem] lg:block">
          <Logo />
        </div>
        <div className="mx-auto w-full max-w-[25rem] animate-rise lg:my-auto lg:py-8">{children}</div>
      </main>
      <header className="relative h-48 overflow-hidden lg:sticky lg:top-0 lg:h-dvh lg:flex-1">
        {picture}
        <div className="absolute top-4 left-4 rounded-lg bg-glass py-1.5 pr-3 pl-1.5 shadow-mid lg:hidden">
          <Logo size={28} />
        </div>
      </header>
    </div>
  )
}
