import { useEffect } from 'react';
import { useMicrophones, useServices, useSettings, useVoice } from '../../state/services.ts';
import { Icon } from '../../ui/icons.tsx';
import './microphone-line.css';
import { expectedText, heardText } from './microphone-line-text.ts';

/** Which microphone is heard; before the press, which one will be. */
export function MicrophoneLine() {
  const { microphones } = useServices();
  const heard = useVoice((state) => state.microphone);
  const seen = useMicrophones((state) => state.microphones);
  const id = useSettings((state) => state.settings.microphone_id);
  const label = useSettings((state) => state.settings.microphone_label);
  const isOpen = heard !== null;
  const failed = useVoice((state) => state.view === 'error');
  // The first permission shows the names, a turn may have outlasted a device, and one that was there may not be found.
  useEffect(() => {
    if (!isOpen || failed) void microphones.refresh();
  }, [isOpen, failed, microphones]);
  const text = isOpen ? heardText(heard) : expectedText({ id, label }, seen);
  return (
    <div className="microphone-line" data-testid="microphone" role="status">
      {text?.notice ? (
        <p className="microphone-notice" title={text.notice} data-testid="microphone-notice">
          {text.notice}
        </p>
      ) : (
        text && (
          <p className="microphone-name" title={text.name}>
            <Icon name="mic" size={14} /> <span data-testid="microphone-name">{text.name}</span>
          </p>
        )
      )}
    </div>
  );
}
