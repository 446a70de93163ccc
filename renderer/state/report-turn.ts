import type { Bridge, TurnReport, Unsubscribe } from '../../shared/bridge.ts';
import type { OpenTurn } from './open-turn.ts';

export interface TurnReportOptions {
  bridge: Pick<Bridge, 'reportTurn'>;
  /** Those whose changes may change the report. */
  stores: readonly { subscribe(listener: () => void): Unsubscribe }[];
  /** Of the open turn; null where there is none. */
  phase: () => OpenTurn['phase'] | null;
  /** Whether something that was said is in this page alone, in a turn or after one. */
  holdsAudio: () => boolean;
}

/** Tells the desktop app at each change what would go with this page, so that it can ask before it closes the window. */
export function reportTurn({ bridge, stores, phase, holdsAudio }: TurnReportOptions): void {
  let told: TurnReport = 'none';
  const look = () => {
    const turn = reportOf(phase(), holdsAudio());
    if (turn === told) return;
    told = turn;
    // A host that is gone closes this window itself.
    void bridge.reportTurn(turn).catch(() => undefined);
  };
  for (const store of stores) store.subscribe(look);
}

function reportOf(phase: OpenTurn['phase'] | null, holdsAudio: boolean): TurnReport {
  if (phase === 'listening' && !holdsAudio) return 'listening';
  return phase !== null || holdsAudio ? 'undelivered' : 'none';
}
