import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import { FLOOR_DBFS } from '../../shared/level.ts';
import type { VoiceClient } from '../voice/voice-client.ts';
import { statusOf } from './status-report.ts';
import { talkState } from './talk-state.ts';

/** Levels (20 ms each) in one report: about 16 reports a second. */
const LEVELS_PER_REPORT = 3;

export interface TalkReportOptions {
  bridge: Pick<Bridge, 'reportTalk' | 'reportLevel' | 'onLevelsWanted'>;
  client: Pick<VoiceClient, 'snapshot' | 'subscribe' | 'onLevel'>;
  /** Monotonic clock (ms), the one of `listeningSince`. */
  now?: () => number;
}

/**
 * Reports to the desktop app what the turn of this window does, for the task bar and the overlay. Levels are sent only
 * while the app asks for them.
 */
export function reportTalk({ bridge, client, now = () => performance.now() }: TalkReportOptions): Unsubscribe {
  let reported = 'off';
  let stopLevels: Unsubscribe | null = null;

  function report(): void {
    const snapshot = client.snapshot();
    const talk = talkState(snapshot);
    // The length changes on its own; the app needs it when the clock starts, stops or jumps.
    const key = talk === 'off' ? 'off' : [talk, snapshot.listeningSince, snapshot.pausedAt].join();
    if (key === reported) return;
    reported = key;
    // If the host is gone, the window closes with it.
    void bridge.reportTalk({ talk, seconds: statusOf(snapshot, null, now()).seconds }).catch(() => undefined);
  }

  function reportLevels(): Unsubscribe {
    let peaks: number[] = [];
    return client.onLevel(({ peak }) => {
      peaks.push(peak ?? FLOOR_DBFS);
      if (peaks.length < LEVELS_PER_REPORT) return;
      const highest = Math.min(0, Math.max(FLOOR_DBFS, ...peaks));
      peaks = [];
      void bridge.reportLevel(highest).catch(() => undefined);
    });
  }

  const stops = [
    client.subscribe(report),
    bridge.onLevelsWanted((wanted) => {
      if (wanted) stopLevels ??= reportLevels();
      else {
        stopLevels?.();
        stopLevels = null;
      }
    }),
  ];
  return () => {
    stopLevels?.();
    for (const stop of stops) stop();
  };
}
