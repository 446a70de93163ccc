import { WebSocketServer } from 'ws';
import { FRAME_HEADER_BYTES } from '../../shared/audio-frame.ts';
import { parseClientMessage, type ServerMessage } from '../../shared/protocol.ts';
import { median, summarise } from '../../testing/stats.ts';
import { cpuMeter, serve } from '../children.ts';
import { startEarshotServer } from '../earshot-server.ts';
import { SAMPLE_WELCOME } from '../voice-client.ts';
import {
  CONTENDERS,
  type Contender,
  type IngestServer,
  type ReceivedFrames,
  SEGMENT_FRAMES,
  STAMP_BYTES,
} from './contract.ts';

/** Counts what is heard, the same for both contenders. */
function createEar() {
  let frames = 0;
  let bytes = 0;
  let stamped = false;
  let latencies: number[] = [];
  return {
    /** @param at where in the bytes the samples begin */
    hear(frame: Uint8Array, at = 0): void {
      frames += 1;
      bytes += frame.byteLength - at;
      if (!stamped) return;
      // CLOCK_MONOTONIC: one clock for all processes of a machine.
      const sent = new DataView(frame.buffer, frame.byteOffset + at, STAMP_BYTES).getBigUint64(0, true);
      latencies.push(Number(process.hrtime.bigint() - sent) / 1e6);
    },
    take(nextStamped: boolean): Pick<ReceivedFrames, 'frames' | 'bytes' | 'latency'> {
      const latency = latencies.length > 0 ? { ...summarise(latencies), calmP99: calmP99(latencies) } : null;
      const heard = { frames, bytes, latency };
      [frames, bytes, stamped, latencies] = [0, 0, nextStamped, []];
      return heard;
    },
  };
}

function calmP99(latencies: number[]): number {
  const stretches = Array.from({ length: Math.ceil(latencies.length / SEGMENT_FRAMES) }, (_, i) =>
    latencies.slice(i * SEGMENT_FRAMES, (i + 1) * SEGMENT_FRAMES),
  );
  return median(stretches.map((stretch) => summarise(stretch).p99));
}

const START: Record<Contender, () => Promise<void>> = {
  /** The least: it counts bytes, and answers what the client waits for. */
  async bare() {
    const ear = createEar();
    const takeCpuMs = cpuMeter();
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      const say = (message: ServerMessage) => socket.send(JSON.stringify(message));
      const { session_id } = SAMPLE_WELCOME;
      socket.on('message', (data: Buffer, binary: boolean) => {
        if (binary) return ear.hear(data, FRAME_HEADER_BYTES);
        const parsed = parseClientMessage(data.toString());
        if (parsed.kind !== 'message') return;
        const { event } = parsed.message;
        if (event === 'start') say({ event: 'voice_state', session_id, state: 'listening' });
        if (event === 'stop') say({ event: 'voice_state', session_id, state: 'idle' });
      });
      say(SAMPLE_WELCOME);
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening on a port');
    serve<IngestServer>({
      port: () => address.port,
      takeHeard: async (stamped) => ({
        ...ear.take(stamped),
        settleMs: 0,
        serverCpuMs: takeCpuMs(),
        recorded: 0,
        failedRecordings: 0,
      }),
    });
  },

  /** Everything on: order, level, acknowledgement, recording, log. */
  async earshot() {
    const ear = createEar();
    const takeCpuMs = cpuMeter();
    const server = await startEarshotServer({ connections: 256, pending: 256, idleConnections: 256 }, (recorder) => ({
      // The last thing that happens to a frame in the tick in which it comes.
      write(pcm) {
        const kept = recorder.write(pcm);
        ear.hear(pcm);
        return kept;
      },
      gap: (samples) => recorder.gap(samples),
      microphone: (samples, state) => recorder.microphone(samples, state),
      finish: () => recorder.finish(),
    }));
    serve<IngestServer>(
      {
        port: () => server.voice.port ?? 0,
        async takeHeard(stamped) {
          const asked = performance.now();
          await server.finishRecordings();
          const settleMs = performance.now() - asked;
          const serverCpuMs = takeCpuMs();
          return { ...ear.take(stamped), settleMs, serverCpuMs, ...(await server.takeRecordings()) };
        },
      },
      () => server.stop(),
    );
  },
};

// This module is the main one of a child process; its argument names the contender.
const name = CONTENDERS.find((known) => known === process.argv[2]);
if (!name) throw new Error(`no contender called ${process.argv[2]}`);
await START[name]();
