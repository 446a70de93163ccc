import type { LogEventName, LogLevel } from '../../../shared/log-catalogue.ts';
import type { LogSide } from '../../../shared/log-event.ts';
import { LOG_LEVELS, LOG_SIDES } from '../../state/log-filter.ts';
import { useLog, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { SessionFilter } from './session-filter.tsx';

/** Filters by side, level, event and session. A line must match all of them. */
export function LogFilters() {
  const { log } = useServices();
  const filter = useLog((state) => state.filter);
  const events = useLog((state) => state.events);
  // The selected event stays in the list after the view was cleared.
  const choices = filter.event !== null && !events.includes(filter.event) ? [filter.event, ...events] : events;

  const toggleSide = (side: LogSide) => {
    const sides = new Set(filter.sides);
    if (!sides.delete(side)) sides.add(side);
    log.setFilter({ sides });
  };

  return (
    <div className="log-filters">
      <fieldset className="chips">
        <legend className="visually-hidden">{text.log.sides}</legend>
        {LOG_SIDES.map((side) => (
          <button
            key={side}
            type="button"
            className="chip"
            data-testid={`log-side-${side}`}
            aria-pressed={filter.sides.has(side)}
            onClick={() => toggleSide(side)}
          >
            {text.log.side[side]}
          </button>
        ))}
      </fieldset>
      <select
        className="input select"
        aria-label={text.log.minimumLevel}
        data-testid="log-level"
        value={filter.minLevel}
        onChange={(event) => log.setFilter({ minLevel: event.target.value as LogLevel })}
      >
        {LOG_LEVELS.map((level) => (
          <option key={level} value={level}>
            {text.log.level[level]}
          </option>
        ))}
      </select>
      <select
        className="input select"
        aria-label={text.log.event}
        data-testid="log-event"
        value={filter.event ?? ''}
        onChange={(event) => log.setFilter({ event: (event.target.value as LogEventName) || null })}
      >
        <option value="">{text.log.allEvents}</option>
        {choices.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <SessionFilter />
    </div>
  );
}
