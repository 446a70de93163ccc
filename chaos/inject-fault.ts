import type { FaultProxy } from '../testing/faults/fault-proxy.ts';
import type { ProxiedConnection } from '../testing/faults/proxied-connection.ts';
import type { Cut, ReconnectFault } from './plan.ts';

/** Where a fault is injected. */
export interface FaultTarget {
  proxy: FaultProxy;
  /** The connection to break. */
  connection: ProxiedConnection;
  /** Resolves once the client listens on another connection. */
  reconnected: Promise<void>;
}

/** Performs one cut, including its delayed parts. */
export function injectFault({ proxy, connection, reconnected }: FaultTarget, cut: Cut): void {
  // If the client does not reconnect, the caller reports it.
  const onReconnected = (then: () => void): void => void reconnected.then(then, () => undefined);
  switch (cut.kind) {
    case 'cut':
      return connection.cut(cut.how);
    case 'partial':
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
      if (cut.thaw) onReconnected(() => connection.thaw());
      return;
    case 'hold':
      proxy.hold();
      onReconnected(() => proxy.release());
      return connection.cut();
  }
}

/** Prepares a fault for the next connection attempts. */
export function armFault(proxy: FaultProxy, reconnectFault: ReconnectFault): void {
  if (reconnectFault.kind === 'refuse') return proxy.refuse(reconnectFault.count);
  proxy.faultNext((connection) => connection.cutAfter(reconnectFault.direction, reconnectFault.bytes));
}
