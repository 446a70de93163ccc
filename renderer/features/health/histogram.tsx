import type { Health } from '../../../shared/health.ts';
import { formatCount } from '../../text/format.ts';
import { barsOf } from './health-text.ts';
import './histogram.css';
import { text } from '../../text/text.ts';

/** How long connections took: bars, and a table for screen readers. */
export function Histogram({ histogram }: { histogram: Health['recent']['histogram'] }) {
  const bars = barsOf(histogram);
  return (
    <figure className="histogram">
      <figcaption aria-hidden="true">
        {text.health.timeToConnect} <span>{text.health.timeUnit}</span>
      </figcaption>
      <div className="histogram-bars" aria-hidden="true">
        {bars.map(({ mark, range, count, share }) => (
          <div key={range} className="histogram-bar" title={text.health.barHint({ range, count })}>
            <span className="histogram-fill" style={{ height: `${share * 100}%` }}>
              {count > 0 && <span className="histogram-count">{formatCount(count)}</span>}
            </span>
            <span className="histogram-mark">{mark}</span>
          </div>
        ))}
      </div>
      <table className="visually-hidden">
        <caption>{text.health.timeToConnect}</caption>
        <thead>
          <tr>
            <th scope="col">{text.health.time}</th>
            <th scope="col">{text.health.connections}</th>
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
