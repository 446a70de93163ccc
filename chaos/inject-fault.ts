import type { FaultProxy } from '../testing/faults/fault-proxy.ts';
import type { ProxiedConnection } from '../testing/faults/proxied-connection.ts';
import type { Cut, ReconnectFault } from './plan.ts';

/** Where a fault is injected. */
export interface FaultTarget {
  proxy: FaultProxy;
  /** The connection to break. */
  connection: ProxiedConnection;
  /** Resolves once the client listens on another connection. */
  back: Promise<void>;
}

/** Performs one cut, including its delayed parts. */
export function injectFault({ proxy, connection, back }: FaultTarget, cut: Cut): void {
  // The caller reports a client that does not come back.
  const whenBack = (then: () => void): void => void back.then(then, () => undefined);
  switch (cut.kind) {
    case 'cut':
      return connection.cut(cut.how);
    case 'half':
      return connection.cutAfter(cut.direction, cut.bytes, cut.how);
    case 'drop':
      connection.drop(...cut.directions);
      setTimeout(() => connection.cut(), cut.ms);
      return;
    case 'one_side':
      connection.cut('reset', cut.side);
      setTimeout(() => connection.cut(), cut.ms);
      return;
    case 'freeze':
      connection.freeze();
      if (cut.thaw) whenBack(() => connection.thaw());
      return;
    case 'hold':
      proxy.hold();
      whenBack(() => proxy.release());
      return connection.cut();
  }
}

/** Prepares a fault for the next connection attempts. */
export function armFault(proxy: FaultProxy, aftermath: ReconnectFault): void {
  if (aftermath.kind === 'refuse') return proxy.refuse(aftermath.count);
  proxy.faultNext((connection) => connection.cutAfter(aftermath.direction, aftermath.bytes));
}
