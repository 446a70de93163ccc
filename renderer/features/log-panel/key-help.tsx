import { useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './key-help.css';
import { PANEL_KEYS } from './panel-keys.ts';

const GROUPS = ['move', 'line', 'search', 'list'] as const;
/** How keys are written that are no characters. The others are written as they are. */
const SIGNS: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', ArrowLeft: '←', ArrowRight: '→' };

/** All keys of the log panel. */
export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const isMac = useSettings((state) => state.info.platform) === 'darwin';
  const nameOf = (key: string) => SIGNS[key] ?? text.log.keyNames[key as keyof typeof text.log.keyNames] ?? key;
  return (
    <Dialog title={text.log.keys} open={open} onClose={onClose} className="key-help">
      <p className="key-help-intro">{text.log.keysHint}</p>
      {GROUPS.map((group) => (
        <section key={group}>
          <h3>{text.log.keyGroups[group]}</h3>
          <dl>
            {PANEL_KEYS.filter((entry) => entry.group === group).map(({ command, keys }) => (
              <div key={command}>
                <dt>{text.log.keyCommands[command]}</dt>
                <dd>
                  {keys.map(({ key, command: withCommand }) => (
                    <kbd key={key}>
                      {withCommand && (isMac ? '⌘' : `${text.log.keyNames.Control}+`)}
                      {withCommand ? key.toUpperCase() : nameOf(key)}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
