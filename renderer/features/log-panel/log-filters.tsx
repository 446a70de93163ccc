import type { LogEventName, LogLevel, LogSide } from '../../../shared/log-event.ts';
import { LOG_LEVELS, LOG_SIDES } from '../../state/log-filter.ts';
import { useLog, useServices } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';

const SIDE_WORDS: Record<LogSide, string> = { server: 'Server', client: 'Client', app: 'App' };
const LEVEL_WORDS: Record<LogLevel, string> = {
  debug: 'All levels',
  info: 'Info and up',
  warn: 'Warnings and up',
  error: 'Errors only',
};

/** Side, level, event and text; they combine. */
export function LogFilters() {
  const { log } = useServices();
  const filter = useLog((state) => state.filter);
  const events = useLog((state) => state.events);
  // The chosen event stays in the list after the view was cleared of it.
  const choices = filter.event !== null && !events.includes(filter.event) ? [filter.event, ...events] : events;

  const toggleSide = (side: LogSide) => {
    const sides = new Set(filter.sides);
    if (!sides.delete(side)) sides.add(side);
    log.setFilter({ sides });
  };

  return (
    <search className="log-filters">
      <label className="log-search">
        <Icon name="search" size={16} />
        <span className="visually-hidden">Search the log</span>
        <input
          type="search"
          className="input"
          data-testid="log-search"
          placeholder="Search"
          value={filter.search}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => log.setFilter({ search: event.target.value })}
        />
      </label>
      <fieldset className="chips">
        <legend className="visually-hidden">Sides shown</legend>
        {LOG_SIDES.map((side) => (
          <button
            key={side}
            type="button"
            className="chip"
            data-testid={`log-side-${side}`}
            aria-pressed={filter.sides.has(side)}
            onClick={() => toggleSide(side)}
          >
            {SIDE_WORDS[side]}
          </button>
        ))}
      </fieldset>
      <select
        className="input select"
        aria-label="Least level shown"
        data-testid="log-level"
        value={filter.minLevel}
        onChange={(event) => log.setFilter({ minLevel: event.target.value as LogLevel })}
      >
        {LOG_LEVELS.map((level) => (
          <option key={level} value={level}>
            {LEVEL_WORDS[level]}
          </option>
        ))}
      </select>
      <select
        className="input select"
        aria-label="Event shown"
        data-testid="log-event"
        value={filter.event ?? ''}
        onChange={(event) => log.setFilter({ event: (event.target.value as LogEventName) || null })}
      >
        <option value="">All events</option>
        {choices.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </search>
  );
}
