import type { Bridge, VoiceAddress } from '../../shared/bridge.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';

/** Where the voice server is, as far as this window knows. */
export interface AddressBook {
  /** Null: the host has not told yet. Known before the first press, so that a press opens its socket in its own tick. */
  readonly latest: VoiceAddress | null;
  /** Asks the host. Gives what was known where the host does not answer; never rejects. */
  refresh(): Promise<VoiceAddress | null>;
  dispose(): void;
}

/** @param onMoved the server stands: for the first time, again, or elsewhere */
export function createAddressBook(
  bridge: Pick<Bridge, 'getVoiceAddress' | 'onVoiceAddress'>,
  log: Log,
  onMoved: () => void,
): AddressBook {
  let latest: VoiceAddress | null = null;

  function learn(next: VoiceAddress): void {
    const moved = next.url !== null && next.url !== latest?.url;
    latest = next;
    if (moved) onMoved();
  }
  async function refresh(): Promise<VoiceAddress | null> {
    try {
      learn(await bridge.getVoiceAddress());
    } catch (error) {
      log('WARNING', { type: 'no_voice_address', detail: describeError(error) });
    }
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
