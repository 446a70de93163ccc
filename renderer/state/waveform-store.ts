import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';

/** Most waveforms kept in memory; the ones that were not used for the longest time are dropped. */
export const MAX_KEPT_WAVEFORMS = 600;
/** Most waveforms requested at the same time. */
export const MAX_REQUESTED = 4;
/** Most requests in a moment, and the time (ms) until one more is allowed: 50 a second, a quarter of a window's calls. */
export const REQUEST_BURST = 24;
export const REQUEST_EVERY_MS = 20;

/** A waveform: peaks from 0 to 255, or why there is none. */
export type WaveformResult = { peaks: readonly number[] } | { failure: string };

export interface WaveformStore {
  /** The waveform if it is in memory. */
  peek(id: string, buckets: number): WaveformResult | null;
  /**
   * Requests a waveform and calls `listener` once, unless the caller unsubscribes before. A request that nobody waits
   * for any more is not sent. The newest requests are sent first.
   */
  request(id: string, buckets: number, listener: (result: WaveformResult) => void): Unsubscribe;
  /** Drops the waveforms of these recordings. */
  forget(ids: readonly string[]): void;
}

interface Request {
  id: string;
  buckets: number;
  listeners: Set<(result: WaveformResult) => void>;
}

export function createWaveformStore(bridge: Pick<Bridge, 'getWaveform'>): WaveformStore {
  /** The least recently used first. */
  const kept = new Map<string, WaveformResult>();
  const waiting = new Map<string, Request>();
  const sent = new Map<string, Request>();
  const keyOf = (id: string, buckets: number) => `${id} ${buckets}`;

  function peek(id: string, buckets: number): WaveformResult | null {
    const key = keyOf(id, buckets);
    const result = kept.get(key);
    if (result === undefined) return null;
    kept.delete(key);
    kept.set(key, result);
    return result;
  }

  function keep(key: string, result: WaveformResult): void {
    kept.set(key, result);
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT_WAVEFORMS && oldest !== undefined) kept.delete(oldest);
  }

  let allowed = REQUEST_BURST;
  let allowing: ReturnType<typeof setInterval> | null = null;

  function allowMore(): void {
    allowed += 1;
    if (allowed >= REQUEST_BURST && allowing !== null) {
      clearInterval(allowing);
      allowing = null;
    }
    sendNext();
  }

  function sendNext(): void {
    while (sent.size < MAX_REQUESTED && allowed > 0) {
      const newest = [...waiting].at(-1);
      if (newest === undefined) return;
      const [key, request] = newest;
      waiting.delete(key);
      allowed -= 1;
      allowing ??= setInterval(allowMore, REQUEST_EVERY_MS);
      sent.set(key, request);
      void send(key, request);
    }
  }

  async function send(key: string, { id, buckets, listeners }: Request): Promise<void> {
    let result: WaveformResult;
    try {
      result = await bridge.getWaveform({ id, buckets });
      keep(key, result);
    } catch (error) {
      // Not kept: the next request may succeed.
      result = { failure: error instanceof EarshotError ? error.message : text.recordings.waveformFailed };
    }
    sent.delete(key);
    for (const listener of listeners) listener(result);
    sendNext();
  }

  return {
    peek,
    request(id, buckets, listener) {
      const key = keyOf(id, buckets);
      const request = sent.get(key) ?? waiting.get(key) ?? { id, buckets, listeners: new Set() };
      request.listeners.add(listener);
      if (!sent.has(key)) waiting.set(key, request);
      sendNext();
      return () => {
        request.listeners.delete(listener);
        if (request.listeners.size === 0) waiting.delete(key);
      };
    },
    forget(ids) {
      const gone = new Set(ids);
      for (const key of [...kept.keys()]) if (gone.has(key.slice(0, key.lastIndexOf(' ')))) kept.delete(key);
    },
  };
}
