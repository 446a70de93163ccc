import { createStore, type StoreApi } from 'zustand/vanilla';
import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import type { Unsubscribe } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { addLevel, emptyLevel, peakDbfs, rmsDbfs } from '../../shared/level.ts';
import type { MicrophoneStatus } from '../../shared/microphone-state.ts';
import type { Microphone } from '../capture/microphone.ts';
import { isMicProblem, type MicProblem } from '../connection/problems.ts';
import type { Level } from '../voice/voice-client.ts';
import { createLevelFeed, type LevelFeed } from './level-feed.ts';
import { micVerdict } from './mic-verdict.ts';
import type { OpenMicrophone } from './microphone-opener.ts';
import type { Playback } from './play-samples.ts';
import type { LevelWord } from './recording-level.ts';

/** Length of the test, in s. */
export const MIC_TEST_S = 3;
const TEST_SAMPLES = MIC_TEST_S * SAMPLE_RATE;
/** Time (ms) after which the test ends although the microphone delivers less. */
const TEST_TIMEOUT_MS = (MIC_TEST_S + 3) * 1_000;

export interface MicTestState {
  /** `done`: there is a verdict, or a problem. */
  step: 'idle' | 'opening' | 'recording' | 'playing' | 'done';
  /** How loud it was; null until it was recorded. */
  verdict: LevelWord | null;
  problem: MicProblem | null;
  /** The recorded sound could not be played. */
  playFailed: boolean;
}

export interface MicTest extends StoreApi<MicTestState> {
  levels: LevelFeed;
  /** Starts a test. Calls `getUserMedia` synchronously. Does nothing during a turn or another test. */
  start(): void;
  /** Ends a test at once, without a verdict. */
  cancel(): void;
}

export interface MicTestOptions {
  open: OpenMicrophone;
  /** The channel to record, from 1; 0: selected automatically. */
  channel: () => number;
  /** Whether the mic is used for a turn. */
  isBusy: () => boolean;
  /** Called before the microphone is opened. */
  onStart: () => void;
  /** Plays PCM16 at 16 kHz. */
  play: (pcm: Int16Array<ArrayBuffer>) => Playback;
}

const AT_REST: MicTestState = { step: 'idle', verdict: null, problem: null, playFailed: false };

/**
 * The test of the microphone: three seconds are recorded, played back and judged. They stay in this page's memory and
 * are forgotten after the playback: nothing is sent or written.
 */
export function createMicTest({ open, channel, isBusy, onStart, play }: MicTestOptions): MicTest {
  const store = createStore<MicTestState>(() => AT_REST);
  const listeners = new Set<(level: Level) => void>();
  const onLevel = (listener: (level: Level) => void): Unsubscribe => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  /** Ends the current test and releases what it uses; null: there is none. */
  let end: (() => void) | null = null;

  function run(): void {
    const pcm = new Int16Array(TEST_SAMPLES);
    const level = emptyLevel();
    let status: MicrophoneStatus = 'ok';
    let playback: Playback | null = null;
    const isCurrent = () => end === release;

    const finish = (change: Partial<MicTestState>): void => {
      if (!isCurrent()) return;
      release();
      end = null;
      store.setState({ step: 'done', ...change });
    };
    const fail = (problem: MicProblem) => finish({ problem });

    async function judge(): Promise<void> {
      if (!isCurrent() || store.getState().step !== 'recording') return;
      clearTimeout(timer);
      void microphone.stop();
      const verdict = micVerdict(level, status);
      if (verdict === 'silent') return finish({ verdict });
      store.setState({ step: 'playing', verdict });
      playback = play(pcm.subarray(0, level.samples));
      finish({ playFailed: !(await playback.done) });
    }

    const microphone: Microphone = open({
      channel: channel(),
      events: {
        onFrame(frame) {
          const room = pcm.subarray(level.samples, level.samples + frame.length);
          if (!isCurrent() || room.length === 0) return;
          const part = frame.subarray(0, room.length);
          room.set(part);
          addLevel(level, part);
          const own = emptyLevel();
          addLevel(own, part);
          for (const listener of listeners) listener({ peak: peakDbfs(own), rms: rmsDbfs(own) });
          if (level.samples === TEST_SAMPLES) void judge();
        },
        onGap: () => {},
        onState: (state) => {
          status = state.status;
        },
        onEnded: () => fail('mic_unplugged'),
      },
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    function release(): void {
      clearTimeout(timer);
      playback?.stop();
      void microphone.stop();
    }
    end = release;
    microphone.ready.then(
      () => {
        if (!isCurrent()) return;
        store.setState({ step: 'recording' });
        timer = setTimeout(() => void judge(), TEST_TIMEOUT_MS);
      },
      (error: unknown) => {
        const code = error instanceof EarshotError ? error.code : '';
        if (code !== 'mic_stopped') fail(isMicProblem(code) ? code : 'mic_failed');
      },
    );
  }

  return {
    ...store,
    levels: createLevelFeed({ onLevel }),
    start() {
      if (end !== null || isBusy()) return;
      onStart();
      store.setState({ ...AT_REST, step: 'opening' });
      run();
    },
    cancel() {
      if (end === null) return;
      end();
      end = null;
      store.setState(AT_REST);
    },
  };
}
