import type { Health } from '../../../shared/health.ts';
import { formatCount, formatMs } from '../../ui/format.ts';
import { missingFramesText, resumedText } from './health-text.ts';

/** What has added up since the app started. */
export function HealthTotals({ health }: { health: Health }) {
  const { totals } = health;
  const rows = [
    ['Lost connections resumed', resumedText(totals)],
    ['Audio frames received', formatCount(totals.frames)],
    ['Frames that never came', missingFramesText(totals)],
    ['Frames that came twice', formatCount(totals.duplicates)],
    ['Settle delay now', formatMs(health.settle_delay_ms)],
  ] as const;
  return (
    <section aria-labelledby="health-totals">
      <h3 id="health-totals">Since Earshot started</h3>
      <dl className="health-totals">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
