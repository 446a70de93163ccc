import { HEARTBEAT_GRACE_MS, HEARTBEAT_MS } from '../../shared/protocol.ts';

/** The heartbeat counts seconds in which the process was awake. */
const TICK_MS = 1_000;
const PING_TICKS = HEARTBEAT_MS / TICK_MS;
const GRACE_TICKS = HEARTBEAT_GRACE_MS / TICK_MS;

export interface Heartbeat {
  /** A frame of any kind came: the peer is alive. */
  alive(): void;
  stop(): void;
}

/**
 * Pings a peer (RFC 6455 section 5.5.2) every 15 s and reports it dead when nothing at all came for 10 s after a ping.
 *
 * Both are counted in ticks of a second, not read off a clock: an event loop that stalls, or a machine that sleeps,
 * lets one tick pass and not a night, so that nobody is found dead at the moment of waking up.
 */
export function startHeartbeat(options: { ping(): void; onDead(): void }): Heartbeat {
  let sincePing = 0;
  let awaiting = false;
  let dead = false;

  const timer = setInterval(() => {
    sincePing += 1;
    if (awaiting && sincePing === GRACE_TICKS) {
      // Timers run before the input that arrived meanwhile is read: let it be read first.
      setImmediate(judge);
    } else if (sincePing === PING_TICKS) {
      sincePing = 0;
      awaiting = true;
      options.ping();
    }
  }, TICK_MS);

  function judge(): void {
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
