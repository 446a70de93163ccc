import type { RefObject } from 'react';
import { useVoice } from '../../state/services.ts';
import type { VoiceView } from '../../voice/voice-client.ts';
import { InterruptedRecordings } from '../interrupted-turn/interrupted-turn.tsx';
import { RecentRecordings } from '../recordings/recent-recordings.tsx';
import { RecordingFailed } from '../recordings/recording-failed.tsx';
import { TurnRecordings } from '../recordings/turn-recordings.tsx';
import { UnsavedAudio } from '../unsaved-audio/unsaved-audio.tsx';
import { Instruments } from './instruments.tsx';
import { Stage } from './status.tsx';
import { isWaitingToFinish } from './status-text.ts';
import './voice-panel.css';

const AT_REST: ReadonlySet<VoiceView> = new Set(['idle', 'error']);

/** The left side of the window: the button, its state, and below it what runs or what was recorded. */
export function VoicePanel({ mic }: { mic: RefObject<HTMLButtonElement | null> }) {
  // Nothing runs either while a turn that has ended waits for a connection.
  const running = useVoice((state) => !AT_REST.has(state.view) && !isWaitingToFinish(state));
  return (
    <main className="voice">
      <Stage mic={mic} />
      <div className="voice-slot">
        {/* First: in sight while speaking goes on, and in the same place when it is over. */}
        <UnsavedAudio mic={mic} />
        <RecordingFailed />
        <InterruptedRecordings />
        {running ? <Instruments /> : <TurnRecordings />}
      </div>
      <RecentRecordings />
    </main>
  );
}
