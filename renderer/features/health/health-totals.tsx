import type { Health } from '../../../shared/health.ts';
import { formatCount, formatMs } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { missingFramesText, resumedText } from './health-text.ts';

/** Totals since the app started. */
export function HealthTotals({ health }: { health: Health }) {
  const { totals } = health;
  const rows = [
    [text.health.resumed, resumedText(totals)],
    [text.health.frames, formatCount(totals.frames)],
    [text.health.missingFrames, missingFramesText(totals)],
    [text.health.duplicateFrames, formatCount(totals.duplicates)],
    [text.health.settleDelay, formatMs(health.settle_delay_ms)],
  ] as const;
  return (
    <section aria-labelledby="health-totals">
      <h3 id="health-totals">{text.health.sinceStart}</h3>
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
