import { type MouseEvent, type PointerEvent, type Ref, useEffect, useRef } from 'react';
import { scalePosition } from '../../state/meter-scale.ts';
import { useServices, useVoice } from '../../state/services.ts';
import { talkState } from '../../state/talk-state.ts';
import { ACTIVE_VIEWS, isWaitingToFinish } from '../../state/voice-store.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import type { VoiceView } from '../../voice/voice-client.ts';
import './mic-button.css';
import { text } from '../../text/text.ts';

/** Each state has its own icon, so that colour and motion are not the only difference. */
const GLYPHS = {
  idle: 'mic',
  connecting: 'mic',
  listening: 'stop',
  paused: 'pause',
  reconnecting: 'retry',
  stopping: 'mic',
  error: 'micOff',
} as const satisfies Record<VoiceView, IconName>;

interface MicButtonProps {
  ref: Ref<HTMLButtonElement>;
  /** ID of the element that says what a press does. */
  describedBy: string;
}

/** A click that comes within this time (ms) after a pointer's release belongs to it. On touch it takes up to 300 ms. */
const CLICK_AFTER_MS = 500;

/**
 * Handlers of a button that can be held. A click that follows a pointer has been handled; Enter and screen readers click
 * without one.
 */
function usePointer() {
  const { talk } = useServices();
  /** When the last pointer was released, in ms of the events' clock. */
  const releasedAt = useRef(Number.NEGATIVE_INFINITY);
  return {
    onPointerDown(event: PointerEvent<HTMLButtonElement>) {
      if (event.button !== 0) return;
      // The release is reported wherever the pointer is by then. Fails for a pointer that is already gone.
      if (event.currentTarget.hasPointerCapture?.(event.pointerId) === false)
        event.currentTarget.setPointerCapture(event.pointerId);
      talk.down('button', event.timeStamp);
    },
    onPointerUp(event: PointerEvent<HTMLButtonElement>) {
      if (event.button !== 0) return;
      releasedAt.current = event.timeStamp;
      talk.up('button', event.timeStamp);
    },
    onPointerCancel: (event: PointerEvent<HTMLButtonElement>) => talk.up('button', event.timeStamp),
    // On a touch screen, a long press would open a menu and end the hold.
    onContextMenu: (event: MouseEvent<HTMLButtonElement>) => event.preventDefault(),
    onClick({ detail, timeStamp }: MouseEvent<HTMLButtonElement>) {
      // `detail` counts the clicks of a pointer; it is 0 for a key.
      if (detail > 0 && timeStamp - releasedAt.current < CLICK_AFTER_MS) return;
      talk.press();
    },
  };
}

/** The mic button. Its label never changes; `aria-pressed` gives its state (ARIA button pattern, toggle button). */
export function MicButton({ ref, describedBy }: MicButtonProps) {
  const { levels } = useServices();
  // While an ended turn waits for a connection, a press starts the next turn.
  const view = useVoice((state) => (isWaitingToFinish(state) ? 'idle' : state.view));
  const halo = useRef<HTMLSpanElement>(null);
  const listening = view === 'listening';
  const pointer = usePointer();
  // The button must not look active while the microphone gives no sound.
  const talk = useVoice(talkState);
  const muted = talk === 'muted';
  const noSound = talk === 'no_sound';

  useEffect(() => {
    const element = halo.current;
    if (!listening || !element) return;
    // Set on the element without React, because it changes 20 times a second.
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
      data-muted={muted}
      data-no-sound={noSound}
      data-testid="mic-button"
      aria-label={text.micButton.label}
      aria-pressed={ACTIVE_VIEWS.has(view)}
      aria-describedby={describedBy}
      {...pointer}
    >
      <span ref={halo} className="mic-halo" />
      <svg className="mic-ring" viewBox="0 0 200 200" aria-hidden="true">
        <circle cx="100" cy="100" r="90" pathLength="100" />
      </svg>
      <span className="mic-disc" />
      <span key={`${view}-${talk}`} className="mic-glyph">
        <Icon name={muted || noSound ? 'micOff' : GLYPHS[view]} size={56} />
      </span>
      {(view === 'error' || noSound) && (
        <span className="mic-badge" aria-hidden="true">
          {text.micButton.badge}
        </span>
      )}
    </button>
  );
}
