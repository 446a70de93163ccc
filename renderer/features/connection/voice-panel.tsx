import type { RefObject } from 'react';
import { useVoice } from '../../state/services.ts';
import { isWaitingToFinish } from '../../state/voice-store.ts';
import type { VoiceView } from '../../voice/voice-client.ts';
import { FirstSteps } from '../first-run/first-steps.tsx';
import { InterruptedRecordings } from '../interrupted-turn/interrupted-turn.tsx';
import { RecordingFailed } from '../recordings/recording-failed.tsx';
import { TurnRecordings, TurnRecordingsAnnouncement } from '../recordings/turn-recordings.tsx';
import { UnsavedAudio } from '../unsaved-audio/unsaved-audio.tsx';
import { Instruments } from './instruments.tsx';
import { Stage } from './status.tsx';
import './voice-panel.css';

const AT_REST: ReadonlySet<VoiceView> = new Set(['idle', 'error']);

/** The talk part of the window: the mic button, its state, and below them the instruments or the recordings. */
export function VoicePanel({ mic }: { mic: RefObject<HTMLButtonElement | null> }) {
  // An ended turn that waits for a connection shows no instruments.
  const running = useVoice((state) => !AT_REST.has(state.view) && !isWaitingToFinish(state));
  return (
    <main className="voice">
      <Stage mic={mic} />
      <div className="voice-slot">
        {/* First, so that it stays visible and in the same place during and after a turn. */}
        <UnsavedAudio mic={mic} />
        <RecordingFailed />
        <InterruptedRecordings />
        {!running && <FirstSteps mic={mic} />}
        {running ? <Instruments /> : <TurnRecordings />}
      </div>
      <TurnRecordingsAnnouncement />
    </main>
  );
}
