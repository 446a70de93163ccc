import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../children.ts';
import { trackConnections } from './connections.ts';
import { CONTENDERS, type ReceivedFrames, type RestartServer, SILENCE_MS, STALL_MS } from './contract.ts';
import { createEarshot } from './earshot-restartable.ts';
import { createSocketIoServer, createWsServer, type RestartableServer } from './peer-servers.ts';
import { numberOf } from './tagged-frames.ts';
import type { Mark } from './tally.ts';

/** Holds up the whole process: a paused socket would go on to read up to its high-water mark. */
function hang(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Notes what the server hears. */
function createEar() {
  const numbers: number[] = [];
  let next: (() => void) | null = null;
  return {
    numbers,
    hear(frame: Uint8Array): void {
      numbers.push(numberOf(frame));
      next?.();
      next = null;
    },
    /** The time of the first frame after `connected`; null: none within `SILENCE_MS`. */
    async nextAt(connected: Promise<void>): Promise<number | null> {
      const limit = new AbortController();
      const heard = connected.then(
        () =>
          new Promise<number>((resolve) => {
            next = () => resolve(performance.now());
          }),
      );
      const silence = sleep(SILENCE_MS, null, { signal: limit.signal }).catch(() => null);
      const at = await Promise.race([heard, silence]);
      limit.abort();
      return at;
    },
  };
}

// This module is the main one of a child process; its argument names the contender.
const name = CONTENDERS.find((known) => known === process.argv[2]);
if (!name) throw new Error(`no contender called ${process.argv[2]}`);

const connections = trackConnections();
const ear = createEar();
const marks: Mark[] = [];
const earshot = name === 'earshot' ? await createEarshot(ear.hear) : null;
const server: RestartableServer =
  earshot ?? (name.startsWith('socket.io') ? createSocketIoServer(ear.hear) : createWsServer(ear.hear));
const port = await server.listen(0);

serve<RestartServer>(
  {
    ports: async () => ({ voice: port, bridge: earshot?.bridgePort ?? null }),

    async restart(kind) {
      if (kind === 'stalled') hang(STALL_MS);
      marks.push({ kind, heard: ear.numbers.length });
      const began = performance.now();
      // In the tick in which the server stops listening: a process that dies does both at once.
      if (kind !== 'graceful') connections.destroy(port);
      await server.close();
      await connections.untilGone(port);
      // What a library still had of a former connection is not the next one's.
      const heardAt = ear.nextAt(connections.next(port));
      await server.listen(port);
      const upMs = performance.now() - began;
      const at = await heardAt;
      return { upMs, heardMs: at === null ? null : at - began };
    },

    async finish(): Promise<ReceivedFrames> {
      await connections.untilGone(port);
      await server.close();
      const found = await earshot?.finish();
      return found ? { ...found, marks } : { numbers: ear.numbers, marks, damaged: 0, recordings: null };
    },
  },
  () => earshot?.stop(),
);
