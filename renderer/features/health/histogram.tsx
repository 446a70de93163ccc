import type { Health } from '../../../shared/health.ts';
import { formatCount } from '../../ui/format.ts';
import { barsOf } from './health-text.ts';
import './histogram.css';

/** How long connections took, as bars to the eye and as a table to a screen reader. */
export function Histogram({ histogram }: { histogram: Health['recent']['histogram'] }) {
  const bars = barsOf(histogram);
  return (
    <figure className="histogram">
      <figcaption aria-hidden="true">
        Time to connect <span>up to … ms</span>
      </figcaption>
      <div className="histogram-bars" aria-hidden="true">
        {bars.map(({ mark, range, count, share }) => (
          <div key={range} className="histogram-bar" title={`${range}: ${count}`}>
            <span className="histogram-fill" style={{ height: `${share * 100}%` }}>
              {count > 0 && <span className="histogram-count">{formatCount(count)}</span>}
            </span>
            <span className="histogram-mark">{mark}</span>
          </div>
        ))}
      </div>
      <table className="visually-hidden">
        <caption>Time to connect</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Connections</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ range, count }) => (
            <tr key={range}>
              <th scope="row">{range}</th>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
