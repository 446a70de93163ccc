import type { Bridge, TurnReport, Unsubscribe } from '../../shared/bridge.ts';
import type { OpenTurn } from './open-turn.ts';

export interface TurnReportOptions {
  bridge: Pick<Bridge, 'reportTurn'>;
  /** Stores whose changes may change the report. */
  stores: readonly { subscribe(listener: () => void): Unsubscribe }[];
  /** The phase of the open turn; null if there is none. */
  phase: () => OpenTurn['phase'] | null;
  /** Whether this page holds audio that is not saved. */
  holdsAudio: () => boolean;
}

/** Reports to the desktop app what would be lost with this page, so that it can ask before it closes the window. */
export function reportTurn({ bridge, stores, phase, holdsAudio }: TurnReportOptions): void {
  let reported: TurnReport = 'none';
  const report = () => {
    const turn = reportOf(phase(), holdsAudio());
    if (turn === reported) return;
    reported = turn;
    // If the host is gone, the window closes with it.
    void bridge.reportTurn(turn).catch(() => undefined);
  };
  for (const store of stores) store.subscribe(report);
}

function reportOf(phase: OpenTurn['phase'] | null, holdsAudio: boolean): TurnReport {
  if (phase === 'listening' && !holdsAudio) return 'listening';
  return phase !== null || holdsAudio ? 'undelivered' : 'none';
}
