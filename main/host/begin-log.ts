import type { AppInfo } from '../../shared/bridge.ts';
import { type Log, logFor } from '../../shared/log-event.ts';
import { createLogBus, type LogBus } from '../log/bus.ts';

/** A log that has begun. Its lines wait in memory until the host opens the file. */
export interface BegunLog {
  readonly bus: LogBus;
  /** For events of the app. */
  readonly log: Log;
}

/** Begins the log of a launch with its first line, `APP_STARTED`. */
export function beginLog({ version, shell }: Pick<AppInfo, 'version' | 'shell'>): BegunLog {
  const bus = createLogBus();
  const log = logFor('app', bus.append);
  log('APP_STARTED', { version, shell, node: process.versions.node, platform: process.platform });
  return { bus, log };
}
