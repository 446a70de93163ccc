import type { BridgeEventName, BridgePayload } from '../../shared/bridge.ts';
import { describeError, type EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import type { RecordingsOptions } from '../recordings/recordings.ts';
import { sentenceOf } from '../text/host-error.ts';
import type { RecordingFailures } from './interrupted-turns.ts';

export interface RecordingEventsOptions {
  /** The app's log. */
  log: Log;
  /** The voice server's log. */
  serverLog: Log;
  /** Sends a bridge event to every window. */
  notify<Name extends BridgeEventName>(event: Name, payload: BridgePayload<Name>): void;
  failures: Pick<RecordingFailures, 'note'>;
}

type RecordingCallbacks = Pick<
  RecordingsOptions,
  | 'onSaved'
  | 'onProblem'
  | 'onDescriptionMissing'
  | 'onDelay'
  | 'onDiscarded'
  | 'onRepaired'
  | 'onRepairProblem'
  | 'onReadProblem'
  | 'onChanged'
  | 'onRemoved'
  | 'onRestored'
  | 'onExpired'
  | 'onTrimmed'
  | 'onImported'
>;

/** Reports what happens to recordings in the log and to the windows. */
export function reportRecordingEvents({
  log,
  serverLog,
  notify,
  failures,
}: RecordingEventsOptions): Required<RecordingCallbacks> {
  const warn = (error: EarshotError) => log('WARNING', { type: error.code, detail: error.message });
  return {
    onSaved(info) {
      serverLog('RECORDING_SAVED', {
        session: info.session_id,
        turn: info.turn,
        seconds: roundToMs(info.duration_s),
      });
      notify('onRecordingSaved', info);
    },
    onProblem(error, { sessionId }) {
      serverLog('ERROR', { type: error.code, session: sessionId, detail: error.message });
      failures.note(sessionId, sentenceOf(error));
      notify('onRecordingFailed', { session_id: sessionId, code: error.code, message: sentenceOf(error) });
    },
    onDescriptionMissing(error, { sessionId }) {
      serverLog('WARNING', { type: error.code, session: sessionId, detail: error.message });
      notify('onDescriptionMissing', { session_id: sessionId, code: error.code, message: sentenceOf(error) });
    },
    onDelay(error, { sessionId }) {
      if (error)
        serverLog('RECORDING_DELAYED', { session: sessionId, type: error.code, detail: describeError(error.cause) });
      else serverLog('RECORDING_WRITTEN', { session: sessionId });
      notify('onRecordingDelayed', { session_id: sessionId, message: error && sentenceOf(error) });
    },
    onDiscarded(duration_s, { sessionId, turn }) {
      serverLog('RECORDING_DISCARDED', {
        session: sessionId,
        turn,
        seconds: roundToMs(duration_s),
        why: 'too short',
      });
      notify('onRecordingDiscarded', { session_id: sessionId, turn, duration_s });
    },
    onRepaired: ({ id, duration_s }) => log('RECORDING_REPAIRED', { recording: id, seconds: roundToMs(duration_s) }),
    onRepairProblem: warn,
    onReadProblem: warn,
    onChanged: (info) => notify('onRecordingChanged', info),
    onRemoved(removed) {
      notify('onRecordingsRemoved', removed);
      if (removed.why === 'deleted') log('RECORDINGS_DELETED', { recordings: removed.ids.length });
    },
    onRestored: (ids) => log('RECORDINGS_RESTORED', { recordings: ids.length }),
    onExpired({ recordings, duration_s, bytes, oldest, newest }) {
      log('RECORDINGS_EXPIRED', {
        recordings,
        seconds: Math.round(duration_s),
        mb: Math.round(bytes / 100_000) / 10,
        oldest: oldest ?? '',
        newest: newest ?? '',
      });
    },
    onTrimmed: ({ id, duration_s }) => log('RECORDING_TRIMMED', { recording: id, seconds: roundToMs(duration_s) }),
    onImported(info) {
      log('RECORDING_IMPORTED', { recording: info.id, seconds: roundToMs(info.duration_s) });
      notify('onRecordingSaved', info);
    },
  };
}

function roundToMs(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
