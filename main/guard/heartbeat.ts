import { HEARTBEAT_GRACE_MS, HEARTBEAT_MS } from '../../shared/protocol.ts';

/** The heartbeat counts ticks instead of reading a clock, so time in which the machine sleeps does not count. */
const TICK_MS = 1_000;

export interface HeartbeatOptions {
  /** Interval between pings (ms), in whole seconds. Default: the voice protocol's, 15 s. */
  pingMs?: number;
  /** Time after a ping in which something must arrive (ms), in whole seconds; at most `pingMs`. Default: 10 s. */
  graceMs?: number;
  ping(): void;
  /** Called once if nothing has arrived in time. */
  onDead(): void;
}

export interface Heartbeat {
  /** Call when a frame of any kind has arrived. */
  alive(): void;
  stop(): void;
}

/**
 * Pings a peer (RFC 6455 section 5.5.2) at an interval and reports it dead if nothing arrives for some time after a
 * ping.
 *
 * Both times are counted in ticks of 1 s. A stalled event loop or a sleeping machine produces a single late tick, so it
 * does not time out live peers on waking.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { pingMs = HEARTBEAT_MS, graceMs = HEARTBEAT_GRACE_MS } = options;
  const pingTicks = pingMs / TICK_MS;
  const graceTicks = graceMs / TICK_MS;
  let sincePing = 0;
  let awaiting = false;
  let stopped = false;

  const timer = setInterval(() => {
    sincePing += 1;
    // After a stall, timers run before pending socket data is read. Read the data first.
    if (awaiting && sincePing === graceTicks) setImmediate(endGrace);
    else pingIfDue();
  }, TICK_MS);

  function endGrace(): void {
    if (stopped) return;
    if (!awaiting) return pingIfDue();
    stop();
    options.onDead();
  }

  function pingIfDue(): void {
    if (sincePing < pingTicks) return;
    sincePing = 0;
    awaiting = true;
    options.ping();
  }

  function stop(): void {
    stopped = true;
    clearInterval(timer);
  }

  return {
    alive() {
      awaiting = false;
    },
    stop,
  };
}
