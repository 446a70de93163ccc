import type { Bridge, VoiceAddress } from '../../shared/bridge.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';

/** A host that has not answered after this long (ms) is not there: on loopback it takes one. */
const ASK_MS = 500;

/** Where the voice server is, as far as this window knows. */
export interface EndpointStore {
  /** Null: the host has not told yet. Known before the first press, so that a press opens its socket in its own tick. */
  readonly latest: VoiceAddress | null;
  /** Asks the host. Gives what was known where the host does not answer in time; never rejects. */
  refresh(): Promise<VoiceAddress | null>;
  dispose(): void;
}

/** @param onBack the server stands: for the first time, again, or elsewhere; or its host goes on after it was held up */
export function createEndpointStore(
  bridge: Pick<Bridge, 'getVoiceAddress' | 'onVoiceAddress'>,
  log: Log,
  onBack: () => void,
): EndpointStore {
  let latest: VoiceAddress | null = null;

  function learn(next: VoiceAddress): void {
    const moved = next.url !== null && next.url !== latest?.url;
    latest = next;
    if (moved) onBack();
  }
  async function refresh(): Promise<VoiceAddress | null> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLate = false;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        isLate = true;
        resolve();
      }, ASK_MS);
    });
    const answer = bridge.getVoiceAddress().then(
      (next) => {
        learn(next);
        if (isLate && next.url !== null) onBack();
      },
      (error: unknown) => {
        log('WARNING', { type: 'no_voice_address', detail: describeError(error) });
      },
    );
    // An answer that comes later is learned all the same.
    await Promise.race([answer, late]);
    clearTimeout(timer);
    return latest;
  }
  const unsubscribe = bridge.onVoiceAddress(learn);
  void refresh();
  return {
    get latest() {
      return latest;
    },
    refresh,
    dispose: unsubscribe,
  };
}
