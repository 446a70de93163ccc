import { useEffect } from 'react';
import { useMicrophones, useServices, useSettings, useVoice } from '../../state/services.ts';
import { AllowMicrophone } from '../devices/allow-microphone.tsx';
import { ChannelPicker, MicrophonePicker } from '../devices/microphone-picker.tsx';
import './microphone-line.css';
import { currentText, expectedText } from './microphone-line-text.ts';

/** The microphone in use, or before the press the one that will be used, as a list to choose from. */
export function MicrophoneLine() {
  const { microphones } = useServices();
  const microphone = useVoice((state) => state.microphone);
  const deviceList = useMicrophones((state) => state.microphones);
  const id = useSettings((state) => state.settings.microphone_id);
  const label = useSettings((state) => state.settings.microphone_label);
  const firstSteps = useSettings((state) => !state.settings.first_steps_done);
  const isOpen = microphone !== null;
  const failed = useVoice((state) => state.view === 'error');
  // Names become visible with the first permission, and devices may have come or gone during a turn.
  useEffect(() => {
    if (!isOpen || failed) void microphones.refresh();
  }, [isOpen, failed, microphones]);
  const line = isOpen ? currentText(microphone) : expectedText({ id, label }, deviceList);
  const namesHidden = !isOpen && deviceList !== null && !deviceList.readable;
  return (
    <div className="microphone-line" data-testid="microphone">
      {line && (
        <div className="microphone-pickers">
          <MicrophonePicker name={line.name} />
          <ChannelPicker />
        </div>
      )}
      {/* The first steps ask for it themselves. */}
      {namesHidden && !firstSteps && <AllowMicrophone />}
      {/* Always mounted, because screen readers announce changes only. */}
      <div role="status">
        {line?.notice ? (
          <p className="microphone-notice" title={line.notice} data-testid="microphone-notice">
            {line.notice}
          </p>
        ) : (
          <p className="visually-hidden">{line?.name}</p>
        )}
      </div>
    </div>
  );
}
