import { t } from '../../../i18n/translate.ts'
import { type Linked, useMediaStore } from '../../../media/store.ts'
import { qualityWords } from '../quality_words.ts'

/** Every connection to the others, with its numbers; nothing while there is none. */
export function LinkTable() {
  const linked = useMediaStore((state) => state.linked)
  if (linked.length === 0) return null
  return (
    <section aria-labelledby="link-table" className="space-y-2">
      <h3 id="link-table" className="text-base">
        {t('media.links')}
      </h3>
      <div className="overflow-x-auto rounded-xl border border-line">
        <table className="tabular w-full text-left text-sm">
          <thead className="bg-sunken text-ink-faint">
            <tr>
              {(['name', 'way', 'rate', 'loss', 'jitter', 'trip'] as const).map((column) => (
                <th key={column} scope="col" className={`px-3 py-2 font-semibold whitespace-nowrap ${column === 'name' || column === 'way' ? '' : 'text-right'}`}>
                  {t(`media.links.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {linked.map((each) => (
              <LinkRow key={each.person.userId} linked={each} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function LinkRow({ linked: { person, health, path } }: { linked: Linked }) {
  const { kbps, loss, jitterMs, roundTripMs, relayed } = health
  const good = health.quality === 'good'
  const cell = 'px-3 py-2 text-right whitespace-nowrap'
  return (
    <tr>
      <th scope="row" className="max-w-56 px-3 py-2 font-semibold">
        <span className="block truncate">{person.name}</span>
        {!good && <span className="block text-xs font-normal text-ink-faint">{qualityWords(health)}</span>}
      </th>
      <td className="px-3 py-2 whitespace-nowrap">{t(path === 'sfu' ? 'media.links.sfu' : relayed ? 'media.links.relay' : 'media.links.direct')}</td>
      <td className={cell}>{t('media.links.kbps', { kbps })}</td>
      <td className={cell}>{t('media.links.percent', { percent: (loss * 100).toFixed(1) })}</td>
      <td className={cell}>{t('media.links.ms', { ms: Math.round(jitterMs) })}</td>
      <td className={cell}>{roundTripMs === null ? '–' : t('media.links.ms', { ms: Math.round(roundTripMs) })}</td>
    </tr>
  )
}
