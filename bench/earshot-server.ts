import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLaunchProofs } from '../main/guard/launch-proofs.ts';
import { createVoiceMetrics } from '../main/health/metrics.ts';
import { createLogBus } from '../main/log/bus.ts';
import { createFileLog } from '../main/log/file-log.ts';
import { createRecordings } from '../main/recordings/recordings.ts';
import { ConnectionManager } from '../main/voice/connection-manager.ts';
import type { Limits } from '../main/voice/limits.ts';
import { createVoiceServer, type VoiceServer } from '../main/voice/server.ts';
import type { TurnRecorder } from '../main/voice/turn-sink.ts';
import { FRAMES_PER_SECOND } from '../shared/audio-format.ts';
import { type LogRecord, logFor } from '../shared/log-event.ts';
import { ORIGIN, TOKEN } from './voice-client.ts';

export interface EarshotServer {
  readonly voice: VoiceServer;
  /** Waits until every recording is on disk. */
  finishRecordings(): Promise<void>;
  /** Counts the frames recorded since the last call, and deletes the recordings. */
  takeRecordings(): Promise<{ recorded: number; failedRecordings: number }>;
  stop(): Promise<void>;
}

/** A bench sends faster than any microphone, so the rate limiter runs with a limit that is never reached. */
const NO_RATE_LIMIT: Partial<Limits> = { inboundPerSecond: 1e9, inboundBurst: 1e9 };

/**
 * Starts Earshot's voice server as `main/host/host.ts` composes it, with the real guard, token, origin, recordings and
 * log. Recordings and log are on disk in a temporary folder, and one window subscribes to the log.
 * @param raised limits that differ from the app's
 * @param tap may wrap each turn's recorder
 */
export async function startEarshotServer(
  raised: Partial<Limits>,
  tap: (recorder: TurnRecorder) => TurnRecorder = (recorder) => recorder,
): Promise<EarshotServer> {
  const limits = { ...NO_RATE_LIMIT, ...raised };
  const dir = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const bus = createLogBus();
  const file = createFileLog({
    dir: join(dir, 'logs'),
    bus,
    onProblem: (error) => console.error(error.message),
  });
  // The cost of a window's subscription: each batch is serialised once.
  let serialised = 0;
  bus.subscribe((records: LogRecord[]) => {
    serialised += JSON.stringify(records).length;
  });
  const log = logFor('server', bus.append);

  let recorded = 0;
  let failedRecordings = 0;
  const recordings = createRecordings({
    dir: join(dir, 'recordings'),
    onSaved: (info) => {
      recorded += Math.round(info.duration_s * FRAMES_PER_SECOND);
      log('RECORDING_SAVED', { session: info.session_id, turn: info.turn, seconds: info.duration_s });
    },
    onProblem: (error) => {
      failedRecordings += 1;
      console.error(error.message);
    },
  });
  const metrics = createVoiceMetrics({ log });
  const manager = new ConnectionManager({
    log,
    metrics,
    limits,
    sink: {
      begin(turn) {
        log('RECORDING_STARTED', { session: turn.sessionId, turn: turn.turn });
        return tap(recordings.begin(turn));
      },
    },
  });
  const voice = createVoiceServer({ manager, proofs: createLaunchProofs(TOKEN), origin: ORIGIN, log, metrics, limits });
  await voice.start();

  return {
    voice,
    finishRecordings: () => recordings.close(),
    async takeRecordings() {
      await rm(join(dir, 'recordings'), { recursive: true, force: true });
      const taken = { recorded, failedRecordings };
      recorded = 0;
      failedRecordings = 0;
      return taken;
    },
    async stop() {
      await Promise.all([voice.stop(), manager.close()]);
      await recordings.close();
      bus.flush();
      await file.close();
      await rm(dir, { recursive: true, force: true });
      if (serialised === 0) throw new Error('nothing was logged');
    },
  };
}
