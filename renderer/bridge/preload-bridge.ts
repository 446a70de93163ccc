import type { Bridge, BridgeCallName, BridgeEventName, Unsubscribe } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { bridgeOver, readPayload, unwrap } from './rpc.ts';

/** What the preload puts on the desktop window as `window.earshot`: it carries, and knows no schema. */
export type PreloadSurface = Record<BridgeCallName, (args: unknown) => Promise<unknown>> &
  Record<BridgeEventName, (listener: (payload: unknown) => void) => Unsubscribe>;

/** The bridge over Electron IPC. */
export function preloadBridge(surface: PreloadSurface): Bridge {
  return bridgeOver({
    async call(name, args) {
      const answer = await surface[name](args).catch((cause: unknown) => {
        throw new EarshotError('bridge_lost', 'Earshot did not answer. Restart Earshot.', { cause });
      });
      return unwrap(name, answer);
    },
    listen: (name, listener) =>
      surface[name]((payload) => {
        const read = readPayload(name, payload);
        if (read !== null) listener(read);
      }),
  });
}
