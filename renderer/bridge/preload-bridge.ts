import type { Bridge, BridgeCallName, BridgeEventName, Unsubscribe } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';
import { bridgeOver, readPayload, unwrap } from './rpc.ts';

/** `window.earshot` as the preload provides it in a desktop window: it passes values on without validation. */
export type PreloadSurface = Record<BridgeCallName, (args: unknown) => Promise<unknown>> &
  Record<BridgeEventName, (listener: (payload: unknown) => void) => Unsubscribe>;

/** Creates the bridge over Electron IPC. */
export function preloadBridge(surface: PreloadSurface): Bridge {
  return bridgeOver({
    async call(name, args) {
      const answer = await surface[name](args).catch((cause: unknown) => {
        throw new EarshotError('bridge_lost', text.host.noAnswer, { cause });
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
