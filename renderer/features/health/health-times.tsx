import type { Health } from '../../../shared/health.ts';
import { formatMs } from '../../ui/format.ts';

const QUANTILES = ['p50', 'p95', 'p99'] as const;

/** The times that have a distribution, by their quantiles. */
export function HealthTimes({ health }: { health: Health }) {
  const rows = [
    { name: 'Connecting', quantiles: health.recent.establishment_ms },
    { name: 'Resuming', quantiles: health.resume_ms },
    { name: 'Event-loop delay', quantiles: health.event_loop_delay_ms },
  ];
  return (
    <table className="health-times" aria-labelledby="health-times">
      <thead>
        <tr>
          <th scope="col" id="health-times">
            Times
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
              <td key={p}>{quantiles === null ? '–' : formatMs(quantiles[p])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
