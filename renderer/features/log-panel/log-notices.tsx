import { useEffect, useState } from 'react';
import type { LinkState } from '../../bridge/link.ts';
import { useLink, useLog, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';

function disconnectedText(link: Exclude<LinkState, 'up'>): string {
  if (link === 'restarted') return text.host.restarted;
  return link === 'too_many_cookies' ? text.host.tooManyCookies : text.link[link];
}

/** Says why no new lines arrive while the host is away. */
export function Disconnected() {
  const link = useLink();
  const { count, dropped } = useLog((state) => state.unrecorded);
  // Always mounted, because screen readers announce changes only.
  return (
    <div role="status">
      {link !== 'up' && (
        <p className="log-strip log-cut-off" data-testid="log-cut-off">
          <Icon name="alert" size={16} />
          <span>
            {disconnectedText(link)}
            {/* Not announced, because the number changes often. */}
            <span aria-live="off"> {unrecordedText(count, dropped)}</span>
          </span>
        </p>
      )}
    </div>
  );
}

/** How many lines of this window are not yet recorded, and how many were dropped. */
function unrecordedText(lines: number, dropped: number): string {
  if (lines === 0) return '';
  return dropped === 0 ? text.log.unrecorded({ lines }) : text.log.unrecordedAndDropped({ lines, dropped });
}

/** After the list was cleared: a button that undoes it. @param onUndone the button has disappeared */
export function ClearedNotice({ onUndone }: { onUndone: () => void }) {
  const { log } = useServices();
  const canUndo = useLog((state) => state.canUndoClear && state.file === null);
  const isEmpty = useLog((state) => state.total === 0);
  const [dismissed, setDismissed] = useState(false);
  // Another clear can be undone as well.
  useEffect(() => {
    if (isEmpty) setDismissed(false);
  }, [isEmpty]);
  return (
    <div role="status">
      {canUndo && !dismissed && (
        <div className="log-strip" data-testid="log-cleared">
          <p>{text.log.clearedNotice}</p>
          <Button
            kind="quiet"
            data-testid="log-undo-clear"
            onClick={() => {
              log.undoClear();
              onUndone();
            }}
          >
            {text.log.undoClear}
          </Button>
          <IconButton label={text.common.dismiss} onClick={() => setDismissed(true)}>
            <Icon name="close" size={16} />
          </IconButton>
        </div>
      )}
    </div>
  );
}

/** While the list is paused: a button with the number of new lines, which follows them again. */
export function NewLines() {
  const { log } = useServices();
  const paused = useLog((state) => !state.following && state.file === null);
  const newCount = useLog((state) => state.newCount);
  if (!paused) return null;
  return (
    <button type="button" className="log-new" data-testid="log-new" onClick={() => log.follow('button')}>
      <Icon name="arrowDown" size={16} /> {newCount > 0 ? text.log.newLines({ count: newCount }) : text.log.paused}
    </button>
  );
}
