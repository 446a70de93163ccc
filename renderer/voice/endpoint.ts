import type { Bridge, VoiceAddress } from '../../shared/bridge.ts';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { endsWithin } from '../../shared/time-limit.ts';

/** Timeout for the host's answer, in ms. On loopback it takes about 1 ms. */
const ANSWER_TIMEOUT_MS = 500;

/** The last known address of the voice server. */
export interface EndpointStore {
  /**
   * Null until the host has answered. Fetched before the first press, so that a press opens its socket in the same
   * tick.
   */
  readonly latest: VoiceAddress | null;
  /** Asks the host for the address. Returns the last known one if the host does not answer in time; never rejects. */
  refresh(): Promise<VoiceAddress | null>;
  dispose(): void;
}

/** @param onAvailable called when the server is up, restarted or moved, or when its host answers after the timeout */
export function createEndpointStore(
  bridge: Pick<Bridge, 'getVoiceAddress' | 'onVoiceAddress'>,
  log: Log,
  onAvailable: () => void,
): EndpointStore {
  let latest: VoiceAddress | null = null;

  function update(next: VoiceAddress): void {
    const moved = next.url !== null && next.url !== latest?.url;
    latest = next;
    if (moved) onAvailable();
  }
  async function refresh(): Promise<VoiceAddress | null> {
    let isLate = false;
    const answer = bridge.getVoiceAddress().then(
      (next) => {
        update(next);
        if (isLate && next.url !== null) onAvailable();
      },
      (error: unknown) => {
        log('WARNING', { type: 'no_voice_address', detail: describeError(error) });
      },
    );
    // A late answer still updates `latest`.
    isLate = !(await endsWithin(ANSWER_TIMEOUT_MS, answer));
    return latest;
  }
  const unsubscribe = bridge.onVoiceAddress(update);
  void refresh();
  return {
    get latest() {
      return latest;
    },
    refresh,
    dispose: unsubscribe,
  };
}
