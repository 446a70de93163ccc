import type { LogEventName } from '../shared/log-catalogue.ts';
import type { Log } from '../shared/log-event.ts';

export interface Line {
  at: number;
  side: 'client' | 'server';
  event: LogEventName;
  fields: Record<string, string | number | boolean>;
}

/** Number of recent lines kept for failure reports. */
const KEPT_LINES = 400;

/** Collects the log of client and server: counts events, keeps the last lines and notifies listeners. */
export class EventLog {
  readonly #counts = new Map<string, number>();
  readonly #lines: Line[] = [];
  readonly #listeners = new Set<(line: Line) => void>();
  readonly #start = performance.now();

  logOf(side: Line['side']): Log {
    return (event, fields = {}) => {
      const line: Line = { at: performance.now() - this.#start, side, event, fields };
      this.#counts.set(`${side} ${event}`, this.count(side, event) + 1);
      this.#lines.push(line);
      if (this.#lines.length > 2 * KEPT_LINES) this.#lines.splice(0, KEPT_LINES);
      for (const listener of this.#listeners) listener(line);
    };
  }

  /** How often one side has logged an event. */
  count(side: Line['side'], event: LogEventName): number {
    return this.#counts.get(`${side} ${event}`) ?? 0;
  }

  onLine(listener: (line: Line) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The last lines, oldest first. */
  tail(lines: number): string {
    return this.#lines
      .slice(-lines)
      .map(({ at, side, event, fields }) => `${at.toFixed(1).padStart(9)} ${side} ${event} ${JSON.stringify(fields)}`)
      .join('\n');
  }
}
