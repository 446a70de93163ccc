import { HEARTBEAT_GRACE_MS, HEARTBEAT_MS } from '../../shared/protocol.ts';

/** The heartbeat counts ticks instead of reading a clock, so time in which the machine sleeps does not count. */
const TICK_MS = 1_000;
const PING_TICKS = HEARTBEAT_MS / TICK_MS;
const GRACE_TICKS = HEARTBEAT_GRACE_MS / TICK_MS;

export interface Heartbeat {
  /** Call when a frame of any kind has arrived. */
  alive(): void;
  stop(): void;
}

/**
 * Pings a peer (RFC 6455 section 5.5.2) every 15 s and reports it dead if nothing arrives for 10 s after a ping.
 *
 * Both times are counted in ticks of 1 s. A stalled event loop or a sleeping machine produces a single late tick, so it
 * does not time out live peers on waking.
 */
export function startHeartbeat(options: { ping(): void; onDead(): void }): Heartbeat {
  let sincePing = 0;
  let awaiting = false;
  let dead = false;

  const timer = setInterval(() => {
    sincePing += 1;
    if (awaiting && sincePing === GRACE_TICKS) {
      // After a stall, timers run before pending socket data is read. Read the data first.
      setImmediate(checkDead);
    } else if (sincePing === PING_TICKS) {
      sincePing = 0;
      awaiting = true;
      options.ping();
    }
  }, TICK_MS);

  function checkDead(): void {
    if (!awaiting || dead) return;
    dead = true;
    clearInterval(timer);
    options.onDead();
  }

  return {
    alive() {
      awaiting = false;
    },
    stop() {
      dead = true;
      clearInterval(timer);
    },
  };
}
