import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { scalePosition } from '../../state/meter-scale.ts';
import { useServices, useVoice } from '../../state/services.ts';
import { ACTIVE_VIEWS } from '../../state/voice-store.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { micTestResult } from './mic-test-text.ts';
import './mic-test.css';

/** Records three seconds, plays them back and says how loud they were. */
export function MicTest() {
  const { micTest } = useServices();
  const state = useStore(micTest);
  const busy = useVoice(({ view }) => ACTIVE_VIEWS.has(view) || view === 'stopping');
  const running = state.step !== 'idle' && state.step !== 'done';
  // A closed dialog or page must not go on recording.
  useEffect(() => () => micTest.cancel(), [micTest]);
  const result = micTestResult(state);
  return (
    <div className="mic-test" data-testid="mic-test" data-step={state.step} data-verdict={state.verdict}>
      <div className="mic-test-row">
        <Button
          data-testid="mic-test-button"
          disabled={busy}
          onClick={() => (running ? micTest.cancel() : micTest.start())}
        >
          <Icon name={running ? 'stop' : 'wave'} size={16} />
          {running ? text.micTest.stop : state.step === 'done' ? text.micTest.again : text.micTest.start}
        </Button>
        {running && <MicTestMeter />}
      </div>
      {/* Always mounted, because screen readers announce changes only. */}
      <p className="mic-test-text" role="status" data-testid="mic-test-text" data-tone={result.tone}>
        {busy ? text.micTest.busy : result.sentence}
      </p>
    </div>
  );
}

/** The level during the test, drawn without React. */
function MicTestMeter() {
  const { micTest } = useServices();
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      micTest.levels.subscribe(({ reading }) => {
        bar.current?.style.setProperty('--level', `${(scalePosition(reading.bar) * 100).toFixed(1)}%`);
      }),
    [micTest],
  );
  return (
    <span className="mic-test-meter" aria-hidden="true">
      <span ref={bar} className="mic-test-level" />
    </span>
  );
}
