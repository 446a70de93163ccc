import { FRAME_HEADER_BYTES } from '../../shared/audio-frame.ts';
import { median, summarise } from '../../testing/stats.ts';
import { cpuMeter, serve } from '../children.ts';
import { startEarshotServer } from '../earshot-server.ts';
import {
  CONTENDERS,
  type Contender,
  type IngestServer,
  type ReceivedFrames,
  SEGMENT_FRAMES,
  STAMP_BYTES,
} from './child-api.ts';
import { type OnFrame, type PeerServer, startBare, startSocketIo, startWithWav } from './peer-servers.ts';

/** Counts received frames and measures their latency, in the same way for all contenders. */
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

/** Serves a server that does less than Earshot's. */
async function startPeer(start: (onFrame: OnFrame) => Promise<PeerServer>): Promise<void> {
  const counter = createFrameCounter();
  const takeCpuMs = cpuMeter();
  const server = await start((message) => counter.add(message, FRAME_HEADER_BYTES));
  serve<IngestServer>(
    {
      port: () => server.port,
      async takeReceived(stamped) {
        const began = performance.now();
        const recorded = await server.settle();
        const settleMs = performance.now() - began;
        return { ...counter.take(stamped), settleMs, serverCpuMs: takeCpuMs(), recorded, failedRecordings: 0 };
      },
    },
    () => server.stop(),
  );
}

const START: Record<Contender, () => Promise<void>> = {
  bare: () => startPeer(startBare),
  'ws, wav': () => startPeer(startWithWav),
  'socket.io': () => startPeer(startSocketIo),

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
