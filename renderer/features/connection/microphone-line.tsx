import { useEffect } from 'react';
import { useMicrophones, useServices, useSettings, useVoice } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';
import './microphone-line.css';
import { currentText, expectedText } from './microphone-line-text.ts';

/** Names the microphone in use; before the press, the one that will be used. */
export function MicrophoneLine() {
  const { microphones } = useServices();
  const microphone = useVoice((state) => state.microphone);
  const deviceList = useMicrophones((state) => state.microphones);
  const id = useSettings((state) => state.settings.microphone_id);
  const label = useSettings((state) => state.settings.microphone_label);
  const isOpen = microphone !== null;
  const failed = useVoice((state) => state.view === 'error');
  // Names become visible with the first permission, and devices may have come or gone during a turn.
  useEffect(() => {
    if (!isOpen || failed) void microphones.refresh();
  }, [isOpen, failed, microphones]);
  const line = isOpen ? currentText(microphone) : expectedText({ id, label }, deviceList);
  return (
    <div className="microphone-line" data-testid="microphone" role="status">
      {line?.notice ? (
        <p className="microphone-notice" title={line.notice} data-testid="microphone-notice">
          {line.notice}
        </p>
      ) : (
        line && (
          <p className="microphone-name" title={line.name}>
            <Icon name="mic" size={14} /> <span data-testid="microphone-name">{line.name}</span>
          </p>
        )
      )}
    </div>
  );
}
