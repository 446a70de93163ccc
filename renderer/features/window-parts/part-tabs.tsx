import { type KeyboardEvent, useRef } from 'react';
import { useVoice } from '../../state/services.ts';
import { isMicOn } from '../../state/voice-store.ts';
import { text } from '../../text/text.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { nextTab } from '../../ui/next-tab.ts';
import { useLogBadge } from './log-button.tsx';
import { PARTS, type Part } from './use-layout.ts';
import './window-parts.css';

const ICONS: Record<Part, IconName> = { talk: 'mic', recordings: 'list', log: 'log' };

/** The parts of a narrow window as tabs. The arrow keys move between them. */
export function PartTabs({ tab, onChange }: { tab: Part; onChange: (tab: Part) => void }) {
  const bar = useRef<HTMLDivElement>(null);
  const badge = useLogBadge();
  const micOn = useVoice(isMicOn);

  function onKeyDown(event: KeyboardEvent): void {
    const next = nextTab(event.key, tab, PARTS, 'horizontal');
    if (next === null) return;
    event.preventDefault();
    onChange(next);
    bar.current?.querySelector<HTMLElement>(`[data-part="${next}"]`)?.focus();
  }

  return (
    // A landmark of its own, since the tabs are outside the parts.
    <nav>
      <div ref={bar} className="tabs" role="tablist" aria-label={text.app.parts} onKeyDown={onKeyDown}>
        {PARTS.map((part) => (
          <button
            key={part}
            type="button"
            role="tab"
            className="tab"
            data-part={part}
            data-testid={`tab-${part}`}
            aria-selected={tab === part}
            aria-controls={part}
            tabIndex={tab === part ? 0 : -1}
            {...(part === 'log' && badge !== null && { 'aria-label': `${text.app.log}, ${badge.words}` })}
            {...(part === 'talk' && micOn && { 'aria-label': `${text.app.talk}, ${text.recordings.inProgress}` })}
            onClick={() => onChange(part)}
          >
            <Icon name={ICONS[part]} />
            <span>{text.app[part]}</span>
            {part === 'talk' && micOn && tab !== 'talk' && <span className="recording-dot" aria-hidden="true" />}
            {part === 'log' && badge !== null && tab !== 'log' && (
              <span className="badge" data-sign={badge.sign} aria-hidden="true" />
            )}
          </button>
        ))}
      </div>
    </nav>
  );
}
