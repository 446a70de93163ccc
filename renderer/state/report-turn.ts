import type { Bridge, TurnReport, Unsubscribe } from '../../shared/bridge.ts';
import type { OpenTurn } from './open-turn.ts';
import type { VoiceStore } from './voice-store.ts';

/**
 * Tells the desktop app where this page's turn stands, so that it can ask before it closes the window.
 * @param phase of the open turn; null where there is none
 */
export function reportTurn(
  bridge: Pick<Bridge, 'reportTurn'>,
  voice: Pick<VoiceStore, 'subscribe'>,
  phase: () => OpenTurn['phase'] | null,
): Unsubscribe {
  let told: TurnReport = 'none';
  return voice.subscribe(() => {
    const turn = reportOf(phase());
    if (turn === told) return;
    told = turn;
    // A host that is gone closes this window itself.
    void bridge.reportTurn(turn).catch(() => undefined);
  });
}

function reportOf(phase: OpenTurn['phase'] | null): TurnReport {
  if (phase === null) return 'none';
  return phase === 'listening' ? 'listening' : 'undelivered';
}
