import type { Health } from '../../../shared/health.ts';
import { formatMs } from '../../text/format.ts';
import { text } from '../../text/text.ts';

const QUANTILES = ['p50', 'p95', 'p99'] as const;

/** A table of durations and their quantiles. */
export function HealthTimes({ health }: { health: Health }) {
  const rows = [
    { name: text.health.connecting, quantiles: health.recent.establishment_ms },
    { name: text.health.resuming, quantiles: health.resume_ms },
    { name: text.health.eventLoopDelay, quantiles: health.event_loop_delay_ms },
  ];
  return (
    <table className="health-times" aria-labelledby="health-times">
      <thead>
        <tr>
          <th scope="col" id="health-times">
            {text.health.times}
          </th>
          {QUANTILES.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, quantiles }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {QUANTILES.map((p) => (
              <td key={p}>{quantiles === null ? text.common.none : formatMs(quantiles[p])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
