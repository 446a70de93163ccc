import { type Ref, useEffect, useRef } from 'react';
import { scalePosition } from '../../state/meter-scale.ts';
import { useServices, useVoice } from '../../state/services.ts';
import { ACTIVE_VIEWS, isWaitingToFinish } from '../../state/voice-store.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import type { VoiceView } from '../../voice/voice-client.ts';
import './mic-button.css';
import { text } from '../../text/en.ts';
import { useSpaceKey } from './use-space-key.ts';

/** Each state has its own icon, so that colour and motion are not the only difference. */
const GLYPHS = {
  idle: 'mic',
  connecting: 'mic',
  listening: 'stop',
  reconnecting: 'retry',
  stopping: 'mic',
  error: 'micOff',
} as const satisfies Record<VoiceView, IconName>;

interface MicButtonProps {
  ref: Ref<HTMLButtonElement>;
  /** ID of the element that says what a press does. */
  describedBy: string;
}

/** The mic button. Its label never changes; `aria-pressed` gives its state (ARIA button pattern, toggle button). */
export function MicButton({ ref, describedBy }: MicButtonProps) {
  const { voice, levels } = useServices();
  // While an ended turn waits for a connection, a press starts the next turn.
  const view = useVoice((state) => (isWaitingToFinish(state) ? 'idle' : state.view));
  const halo = useRef<HTMLSpanElement>(null);
  const listening = view === 'listening';
  useSpaceKey(voice.press);
  // The button must not look active while the microphone gives no sound.
  const noSound = useVoice((state) => state.view === 'listening' && (state.microphone?.status ?? 'ok') !== 'ok');

  useEffect(() => {
    const element = halo.current;
    if (!listening || !element) return;
    // Set on the element without React, because it changes 60 times a second.
    const unsubscribe = levels.subscribe(({ reading }) => {
      element.style.setProperty('--level', scalePosition(reading.bar).toFixed(3));
    });
    return () => {
      unsubscribe();
      element.style.removeProperty('--level');
    };
  }, [levels, listening]);

  return (
    <button
      ref={ref}
      type="button"
      className="mic"
      data-state={view}
      data-no-sound={noSound}
      data-testid="mic-button"
      aria-label={text.micButton.label}
      aria-pressed={ACTIVE_VIEWS.has(view)}
      aria-describedby={describedBy}
      onClick={() => voice.press()}
    >
      <span ref={halo} className="mic-halo" />
      <svg className="mic-ring" viewBox="0 0 200 200" aria-hidden="true">
        <circle cx="100" cy="100" r="90" pathLength="100" />
      </svg>
      <span className="mic-disc" />
      <span key={view} className="mic-glyph">
        <Icon name={GLYPHS[view]} size={56} />
      </span>
      {(view === 'error' || noSound) && (
        <span className="mic-badge" aria-hidden="true">
          {text.micButton.badge}
        </span>
      )}
    </button>
  );
}
