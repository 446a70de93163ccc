import type { Bridge, Unsubscribe } from '../../shared/bridge.ts';
import type { WindowReport } from '../../shared/desktop.ts';
import { FLOOR_DBFS } from '../../shared/level.ts';
import { MAX_WAV_SECONDS } from '../../shared/recording.ts';
import type { Level, VoiceClient, VoiceSnapshot } from '../voice/voice-client.ts';
import { ACTIVE_VIEWS } from './voice-store.ts';

export interface StatusReportOptions {
  bridge: Pick<Bridge, 'onStatusRequest' | 'reportStatus'>;
  client: Pick<VoiceClient, 'snapshot' | 'onLevel'>;
  /** Monotonic clock (ms), the one of `listeningSince`. */
  now?: () => number;
}

/** Answers the desktop app when the command line asks what this window does. */
export function answerStatusRequests(options: StatusReportOptions): Unsubscribe {
  const { bridge, client, now = () => performance.now() } = options;
  let level: Level | null = null;
  const stops = [
    client.onLevel((latest) => {
      level = latest;
    }),
    bridge.onStatusRequest((request) => {
      const report = { request, ...statusOf(client.snapshot(), level, now()) };
      // Without an answer, the command line says that this window does not answer.
      void bridge.reportStatus(report).catch(() => undefined);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Pure. @param level the last one that was measured */
export function statusOf(snapshot: VoiceSnapshot, level: Level | null, now: number): Omit<WindowReport, 'request'> {
  const { view, sessionId, listeningSince, pausedAt, micLive } = snapshot;
  const isActive = ACTIVE_VIEWS.has(view);
  const seconds = Math.round(((pausedAt ?? now) - (listeningSince ?? now)) / 100) / 10;
  return {
    state: view,
    seconds: isActive && listeningSince !== null ? Math.min(Math.max(0, seconds), MAX_WAV_SECONDS) : null,
    session: isActive || view === 'stopping' ? sessionId : null,
    level_dbfs:
      micLive && pausedAt === null && level !== null
        ? Math.min(0, Math.max(FLOOR_DBFS, level.peak ?? FLOOR_DBFS))
        : null,
  };
}
