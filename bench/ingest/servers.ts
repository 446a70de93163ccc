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
} from './child-api.ts';

/** Counts received frames and measures their latency, in the same way for both contenders. */
function createFrameCounter() {
  let frames = 0;
  let bytes = 0;
  let stamped = false;
  let latencies: number[] = [];
  return {
    /** @param at offset of the samples, in bytes */
    add(frame: Uint8Array, at = 0): void {
      frames += 1;
      bytes += frame.byteLength - at;
      if (!stamped) return;
      // CLOCK_MONOTONIC is the same clock in all processes of a machine.
      const sent = new DataView(frame.buffer, frame.byteOffset + at, STAMP_BYTES).getBigUint64(0, true);
      latencies.push(Number(process.hrtime.bigint() - sent) / 1e6);
    },
    take(nextStamped: boolean): Pick<ReceivedFrames, 'frames' | 'bytes' | 'latency'> {
      const latency = latencies.length > 0 ? { ...summarise(latencies), calmP99: calmP99(latencies) } : null;
      const received = { frames, bytes, latency };
      [frames, bytes, stamped, latencies] = [0, 0, nextStamped, []];
      return received;
    },
  };
}

function calmP99(latencies: number[]): number {
  const segments = Array.from({ length: Math.ceil(latencies.length / SEGMENT_FRAMES) }, (_, i) =>
    latencies.slice(i * SEGMENT_FRAMES, (i + 1) * SEGMENT_FRAMES),
  );
  return median(segments.map((segment) => summarise(segment).p99));
}

const START: Record<Contender, () => Promise<void>> = {
  /** Counts bytes and sends the replies that the client waits for. */
  async bare() {
    const counter = createFrameCounter();
    const takeCpuMs = cpuMeter();
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      const send = (message: ServerMessage) => socket.send(JSON.stringify(message));
      const { session_id } = SAMPLE_WELCOME;
      socket.on('message', (data: Buffer, binary: boolean) => {
        if (binary) return counter.add(data, FRAME_HEADER_BYTES);
        const parsed = parseClientMessage(data.toString());
        if (parsed.kind !== 'message') return;
        const { event } = parsed.message;
        if (event === 'start') send({ event: 'voice_state', session_id, state: 'listening' });
        if (event === 'stop') send({ event: 'voice_state', session_id, state: 'idle' });
      });
      send(SAMPLE_WELCOME);
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening on a port');
    serve<IngestServer>({
      port: () => address.port,
      takeReceived: async (stamped) => ({
        ...counter.take(stamped),
        settleMs: 0,
        serverCpuMs: takeCpuMs(),
        recorded: 0,
        failedRecordings: 0,
      }),
    });
  },

  /** Earshot's server, which orders, meters, acknowledges, records and logs. */
  async earshot() {
    const counter = createFrameCounter();
    const takeCpuMs = cpuMeter();
    const server = await startEarshotServer({ connections: 256, pending: 256, idleConnections: 256 }, (recorder) => ({
      // Count here, because the recorder is the last to get a frame, in the tick of its arrival.
      write(pcm) {
        const kept = recorder.write(pcm);
        counter.add(pcm);
        return kept;
      },
      gap: (samples) => recorder.gap(samples),
      microphone: (samples, state) => recorder.microphone(samples, state),
      pause: (samples, seconds) => recorder.pause(samples, seconds),
      finish: () => recorder.finish(),
    }));
    serve<IngestServer>(
      {
        port: () => server.voice.port ?? 0,
        async takeReceived(stamped) {
          const began = performance.now();
          await server.finishRecordings();
          const settleMs = performance.now() - began;
          const serverCpuMs = takeCpuMs();
          return { ...counter.take(stamped), settleMs, serverCpuMs, ...(await server.takeRecordings()) };
        },
      },
      () => server.stop(),
    );
  },
};

// The main module of a child process. Argument: contender.
const name = CONTENDERS.find((known) => known === process.argv[2]);
if (!name) throw new Error(`no contender named ${process.argv[2]}`);
await START[name]();
