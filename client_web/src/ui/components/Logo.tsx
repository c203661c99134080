import { t } from '../../i18n/translate.ts'

interface LogoProps {
  /** Height of the mark in px; the word follows it. */
  size?: number
  /** Leaves the word out where the mark says enough. */
  markOnly?: boolean
}

/** Two walls in perspective, an open arch between them and the light from behind it: an H, and a hallway. */
export function Logo({ size = 34, markOnly = false }: LogoProps) {
  return (
    <span className="inline-flex items-center gap-2.5 select-none">
      <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden={!markOnly} role={markOnly ? 'img' : undefined} aria-label={markOnly ? t('app.name') : undefined}>
        <rect width="40" height="40" rx="11" fill="#17594a" />
        <path d="M15 9.5V31l-6.2 3.2V8.600c0-.9.7-1.6 1.6-1.600H13c1.1 0 2 .9 2 2.500Z" fill="#fdf8ea" />
        <path d="M25 9.500V31l6.2 3.200V8.600c0-.9-.7-1.6-1.6-1.600H27c-1.1 0-2 .9-2 2.500Z" fill="#fdf8ea" />
        <path d="M15 22.500a5 5 0 0 1 10 0V31h-10Z" fill="#f5b83d" />
      </svg>
      {!markOnly && (
        <span className="font-display font-semibold tracking-[-0.035em]" style={{ fontSize: size * 0.68 }}>
          {t('app.name')}
        </span>
      )}
    </span>
  )
}
