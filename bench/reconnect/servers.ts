import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../children.ts';
import { CONTENDERS, type ReceivedFrames, type RestartServer, SILENCE_MS, STALL_MS } from './child-api.ts';
import { trackConnections } from './connections.ts';
import { createEarshot } from './earshot-restartable.ts';
import { createSocketIoServer, createWsServer, type RestartableServer } from './peer-servers.ts';
import { numberOf } from './tagged-frames.ts';
import type { RestartPoint } from './tally.ts';

/** Blocks the whole process. Pausing the sockets is not enough: they would read up to their high-water mark. */
function hang(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Stores the numbers of the received frames. */
function createFrameLog() {
  const numbers: number[] = [];
  let next: (() => void) | null = null;
  return {
    numbers,
    add(frame: Uint8Array): void {
      numbers.push(numberOf(frame));
      next?.();
      next = null;
    },
    /** The time of the first frame after `connected`; null: none within `SILENCE_MS`. */
    async nextAt(connected: Promise<void>): Promise<number | null> {
      const limit = new AbortController();
      const received = connected.then(
        () =>
          new Promise<number>((resolve) => {
            next = () => resolve(performance.now());
          }),
      );
      const silence = sleep(SILENCE_MS, null, { signal: limit.signal }).catch(() => null);
      const at = await Promise.race([received, silence]);
      limit.abort();
      return at;
    },
  };
}

// The main module of a child process. Argument: contender.
const name = CONTENDERS.find((known) => known === process.argv[2]);
if (!name) throw new Error(`no contender named ${process.argv[2]}`);

const connections = trackConnections();
const frames = createFrameLog();
const restarts: RestartPoint[] = [];
const earshot = name === 'earshot' ? await createEarshot(frames.add) : null;
const server: RestartableServer =
  earshot ?? (name.startsWith('socket.io') ? createSocketIoServer(frames.add) : createWsServer(frames.add));
const port = await server.listen(0);

serve<RestartServer>(
  {
    ports: async () => ({ voice: port, bridge: earshot?.bridgePort ?? null }),

    async restart(kind) {
      if (kind === 'stalled') hang(STALL_MS);
      restarts.push({ kind, received: frames.numbers.length });
      const began = performance.now();
      // In the same tick as `close`, because the connections and the listener of a killed process end together.
      if (kind !== 'graceful') connections.destroy(port);
      await server.close();
      await connections.untilGone(port);
      // Ignore frames of the old connection that a library delivers late.
      const received = frames.nextAt(connections.next(port));
      await server.listen(port);
      const upMs = performance.now() - began;
      const at = await received;
      return { upMs, recoveryMs: at === null ? null : at - began };
    },

    async finish(): Promise<ReceivedFrames> {
      await connections.untilGone(port);
      await server.close();
      const found = await earshot?.finish();
      return found ? { ...found, restarts } : { numbers: frames.numbers, restarts, damaged: 0, recordings: null };
    },
  },
  () => earshot?.stop(),
);
