import type { Settings } from '../../shared/settings.ts';
import type { LogStore } from './log-store.ts';
import type { SettingsStore } from './settings-store.ts';

/** Applies the settings of the log to its filter: the level of detail, and whether a search hides the other lines. */
export function followLogSettings(
  settings: Pick<SettingsStore, 'getState' | 'subscribe'>,
  log: Pick<LogStore, 'setFilter'>,
): () => void {
  const apply = ({ log_detail, log_only_matches }: Settings) =>
    log.setFilter({ plain: log_detail === 'plain', onlyMatches: log_only_matches });
  apply(settings.getState().settings);
  return settings.subscribe(({ settings: now }, { settings: before }) => {
    if (now.log_detail !== before.log_detail || now.log_only_matches !== before.log_only_matches) apply(now);
  });
}
