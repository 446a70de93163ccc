import { describeError, EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import type { Microphone, OpenDevice } from '../capture/microphone.ts';
import type { ConnectionEvent } from '../connection/connection-types.ts';
import { isMicProblem, type MicProblem } from '../connection/problems.ts';

/** Opens and stops the window's microphone by number, and dispatches its events. */
export interface MicrophoneController {
  open(number: number): void;
  stop(number: number): void;
}

export function createMicrophoneController(options: {
  openMicrophone: OpenDevice;
  deviceId: () => string;
  /** The channel to record, from 1; 0: selected automatically. */
  channel: () => number;
  log: Log;
  onFrame(pcm: Int16Array): void;
  onGap(ms: number, why?: 'changed' | 'stalled'): void;
  /** Null: no microphone, or another one is being opened. */
  onState(state: MicrophoneState | null): void;
  dispatch(event: ConnectionEvent): void;
}): MicrophoneController {
  const { log, dispatch } = options;
  let microphone: Microphone | null = null;

  return {
    open(number) {
      options.onState(null);
      const own = options.openMicrophone({
        deviceId: options.deviceId(),
        channel: options.channel(),
        events: {
          onFrame(pcm) {
            if (microphone === own) options.onFrame(pcm);
          },
          onGap(ms, why) {
            if (microphone === own) options.onGap(ms, why);
          },
          onState(state) {
            if (microphone === own) options.onState(state);
          },
          onEnded: () => dispatch({ type: 'mic_ended', mic: number }),
        },
      });
      microphone = own;
      own.ready.then(
        (info) => {
          log('MIC_OPENED', { label: info.label, rate: info.sampleRate });
          dispatch({ type: 'mic_live', mic: number });
        },
        (error: unknown) => {
          // Stopped before it was live; `stop` dispatches `mic_stopped`.
          if (error instanceof EarshotError && error.code === 'mic_stopped') return;
          // The state machine logs the problem; this is the browser's own error.
          log('WARNING', { type: 'microphone', detail: describeError(causeOf(error)) }, 'debug');
          dispatch({ type: 'mic_failed', mic: number, problem: micProblemOf(error) });
        },
      );
    },
    stop(number) {
      const own = microphone;
      void own?.stop().then(() => {
        if (microphone === own) options.onState(null);
        log('MIC_CLOSED');
        dispatch({ type: 'mic_stopped', mic: number });
      });
    },
  };
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

function micProblemOf(error: unknown): MicProblem {
  return error instanceof EarshotError && isMicProblem(error.code) ? error.code : 'mic_failed';
}
