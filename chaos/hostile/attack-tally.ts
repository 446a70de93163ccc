import { type AttackResult, type Ending, type Kind, REFUSED_BY_GUARD } from './attack.ts';
import type { AttackOutcome } from './run-attack.ts';

/** Totals of many attacks. */
export class AttackTally {
  /** Number of peers, and number of requests and frames that they sent. */
  peers = 0;
  inputs = 0;
  /** Number of peers by result. */
  readonly results: Record<AttackResult, number> = { 'as expected': 0, full: 0, restarted: 0, unexpected: 0 };
  readonly kinds = new Map<Kind, number>();
  /** Number of peers by ending. */
  readonly endings = new Map<Ending, number>();
  /** Number of refusals that the server must have counted, by HTTP status. */
  readonly refusals = new Map<number, number>();

  add(kind: Kind, { ending, inputs }: AttackOutcome, result: AttackResult): void {
    this.peers += 1;
    this.inputs += inputs;
    this.results[result] += 1;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    this.endings.set(ending, (this.endings.get(ending) ?? 0) + 1);
    const status = ending.startsWith('refused ') ? Number(ending.slice('refused '.length)) : null;
    if (status === null || !(REFUSED_BY_GUARD.includes(kind) || status === 503)) return;
    this.refusals.set(status, (this.refusals.get(status) ?? 0) + 1);
  }

  lines(): string[] {
    const kinds = [...this.kinds].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`);
    const { full, restarted, unexpected } = this.results;
    return [
      `bad peers  ${this.peers}, ${unexpected} with an unexpected ending; ${full} found the server full, ${restarted} saw it restart`,
      `           ${kinds.join(', ')}`,
      `bad inputs ${this.inputs} requests, frames and fragments`,
    ];
  }
}
