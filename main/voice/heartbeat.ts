import { HEARTBEAT_GRACE_MS, HEARTBEAT_MS } from '../../shared/protocol.ts';

export interface Heartbeat {
  /** A frame of any kind came: the peer is alive. */
  alive(): void;
  stop(): void;
}

/**
 * Pings a peer (RFC 6455 section 5.5.2) every 15 s and reports it dead when nothing at all came for 10 s after a ping.
 */
export function startHeartbeat(options: { ping(): void; onDead(): void }): Heartbeat {
  let heard = false;
  let grace: NodeJS.Timeout | undefined;
  let stopped = false;

  const interval = setInterval(() => {
    heard = false;
    options.ping();
    clearTimeout(grace);
    grace = setTimeout(() => {
      // After a stalled event loop the timer fires before the input that waited meanwhile is read: let it be read first.
      setImmediate(() => {
        if (!heard && !stopped) options.onDead();
      });
    }, HEARTBEAT_GRACE_MS);
  }, HEARTBEAT_MS);

  return {
    alive() {
      heard = true;
    },
    stop() {
      stopped = true;
      clearInterval(interval);
      clearTimeout(grace);
    },
  };
}
