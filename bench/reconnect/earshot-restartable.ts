import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import { createLaunchProofs } from '../../main/guard/launch-proofs.ts';
import { createVoiceMetrics } from '../../main/health/metrics.ts';
import { createLogBus } from '../../main/log/bus.ts';
import { createFileLog } from '../../main/log/file-log.ts';
import { createRecordings } from '../../main/recordings/recordings.ts';
import { parseWav } from '../../main/recordings/wav.ts';
import { ConnectionManager } from '../../main/voice/connection-manager.ts';
import { createVoiceServer, type VoiceServer } from '../../main/voice/server.ts';
import type { VoiceAddress } from '../../shared/bridge.ts';
import { logFor } from '../../shared/log-event.ts';
import { VOICE_PATH } from '../../shared/protocol.ts';
import { RecordingInfo } from '../../shared/recording.ts';
import { ORIGIN, TOKEN } from '../voice-client.ts';
import type { ReceivedFrames } from './child-api.ts';
import type { RestartableServer } from './peer-servers.ts';
import { findFrames } from './tagged-frames.ts';

export interface EarshotRestartable extends RestartableServer {
  /** Port on which windows get the voice server's address. */
  readonly bridgePort: number;
  /** Ends every session and reads the recordings. */
  finish(): Promise<Omit<ReceivedFrames, 'restarts'>>;
  stop(): Promise<void>;
}

/**
 * Creates Earshot's voice server as `main/host/host.ts` composes and restarts it. The sessions outlive the server
 * object. Log and recordings are on disk, in a temporary folder.
 * @param onFrame gets each frame in the same tick as the recorder; the bytes are valid only during the call
 */
export async function createEarshot(onFrame: (pcm: Uint8Array) => void): Promise<EarshotRestartable> {
  const dir = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const recordingsDir = join(dir, 'recordings');
  const onProblem = (error: Error) => console.error(error.message);
  const bus = createLogBus();
  const file = createFileLog({ dir: join(dir, 'logs'), bus, onProblem });
  const log = logFor('server', bus.append);
  const recordings = createRecordings({ dir: recordingsDir, onProblem });
  const metrics = createVoiceMetrics({ log });
  const manager = new ConnectionManager({
    sink: {
      begin(turn) {
        const recorder = recordings.begin(turn);
        return {
          write(pcm) {
            const kept = recorder.write(pcm);
            onFrame(pcm);
            return kept;
          },
          gap: (samples) => recorder.gap(samples),
          microphone: (samples, state) => recorder.microphone(samples, state),
          pause: (samples, seconds) => recorder.pause(samples, seconds),
          finish: () => recorder.finish(),
        };
      },
    },
    log,
    metrics,
  });
  const bridge = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => bridge.once('listening', resolve));
  const proofs = createLaunchProofs(TOKEN);
  let voice: VoiceServer | null = null;

  const address = (): string => {
    const port = voice?.port ?? null;
    const current: VoiceAddress = {
      url: port === null ? null : `ws://127.0.0.1:${port}${VOICE_PATH}`,
      token: TOKEN,
      accepting: voice?.accepting ?? false,
    };
    return JSON.stringify(current);
  };
  bridge.on('connection', (window) => window.send(address()));
  const sendAddress = (): void => {
    for (const window of bridge.clients) if (window.readyState === WebSocket.OPEN) window.send(address());
  };

  return {
    bridgePort: (bridge.address() as AddressInfo).port,
    async listen(port) {
      const server = createVoiceServer({ manager, proofs, origin: ORIGIN, log, metrics, port, onChange: sendAddress });
      voice = server;
      await server.start();
      return server.port ?? 0;
    },
    async close() {
      await voice?.stop();
    },
    async finish() {
      await manager.close();
      await recordings.close();
      const infos = await readInfos(recordingsDir);
      const found = await Promise.all(
        infos.map(async ({ id }) =>
          findFrames(bytesOf(parseWav(await readFile(join(recordingsDir, `${id}.wav`))).samples)),
        ),
      );
      const { totals } = metrics.health();
      return {
        numbers: found.flatMap(({ numbers }) => numbers),
        damaged: found.reduce((sum, { damaged }) => sum + damaged, 0),
        recordings: {
          files: infos.length,
          silent: found.reduce((sum, { silent }) => sum + silent, 0),
          wireDuplicates: totals.duplicates,
          resumed: totals.resumed,
          retries: totals.welcomes[1] + 2 * totals.welcomes[2],
        },
      };
    },
    async stop() {
      await voice?.stop();
      await manager.close();
      await recordings.close();
      bridge.close();
      for (const window of bridge.clients) window.terminate();
      bus.flush();
      await file.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Reads the JSON files of the recordings, oldest first. */
async function readInfos(dir: string): Promise<RecordingInfo[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.json'));
  const infos = await Promise.all(
    names.map(async (name) => RecordingInfo.parse(JSON.parse(await readFile(join(dir, name), 'utf8')))),
  );
  return infos.sort((a, b) => a.started_at.localeCompare(b.started_at) || a.turn - b.turn);
}

function bytesOf(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
