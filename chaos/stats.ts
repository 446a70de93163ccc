import type { Cut } from './plan.ts';
import type { TurnOutcome } from './turn-outcome.ts';

/** A long run has a leak if the heap grows by more than this per turn, in bytes on average. */
const MAX_HEAP_SLOPE = 16 * 1024;
/** Normal variation of the heap without a leak, in bytes. */
const HEAP_NOISE = 2 * 1024 * 1024;

/** Totals of many turns. */
export class Stats {
  turns = 0;
  frames = 0;
  resumes = 0;
  /** Number of turns with a failed check. */
  failed = 0;
  refusedPresses = 0;
  lost = 0;
  duplicate = 0;
  misplaced = 0;
  neverSent = 0;
  readonly #cuts = new Map<Cut['kind'], number>();
  /** Heap sizes in bytes, each with the number of turns that were finished at that time. */
  readonly #heap: Array<[turns: number, bytes: number]> = [];

  add({ frames, resumes, refusedPresses, cuts, comparison, failures }: TurnOutcome): void {
    this.turns += 1;
    this.frames += frames;
    this.resumes += resumes;
    this.refusedPresses += refusedPresses;
    for (const [kind, count] of Object.entries(cuts)) {
      this.#cuts.set(kind as Cut['kind'], (this.#cuts.get(kind as Cut['kind']) ?? 0) + count);
    }
    if (failures.length > 0) this.failed += 1;
    // Without a recording all frames of the turn are lost.
    this.lost += comparison?.lost ?? frames;
    this.duplicate += comparison?.duplicate ?? 0;
    this.misplaced += comparison?.misplaced ?? 0;
    this.neverSent += comparison?.neverSent ?? 0;
  }

  addHeap(bytes: number): void {
    this.#heap.push([this.turns, bytes]);
  }

  /** Average heap growth per turn in bytes; null if there are too few measurements. */
  get heapSlope(): number | null {
    return this.#settled.length < 3 ? null : slope(this.#settled);
  }

  get leaks(): boolean {
    const turns = (this.#settled.at(-1)?.[0] ?? 0) - (this.#settled.at(0)?.[0] ?? 0);
    const perTurn = this.heapSlope ?? 0;
    return perTurn > MAX_HEAP_SLOPE && perTurn * turns > HEAP_NOISE;
  }

  /** The second half of the measurements. During the first half, compiled code and caches still grow. */
  get #settled(): ReadonlyArray<readonly [turns: number, bytes: number]> {
    return this.#heap.slice(Math.floor(this.#heap.length / 2));
  }

  /** Report lines about the turns. */
  lines(): string[] {
    const kinds = [...this.#cuts].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`);
    const cuts = [...this.#cuts.values()].reduce((sum, count) => sum + count, 0);
    return [
      `turns      ${this.turns}, ${this.failed} of them failed; ${this.refusedPresses} presses found the server full`,
      `frames     ${this.frames} (${(this.frames / 3_000).toFixed(0)} minutes of audio)`,
      `cuts       ${cuts}: ${kinds.join(', ')}`,
      `resumes    ${this.resumes}`,
      `lost       ${this.lost} frames`,
      `duplicate  ${this.duplicate} frames`,
      `misplaced  ${this.misplaced} frames, ${this.neverSent} never sent`,
    ];
  }

  /** Report lines about the heap and open handles. */
  leakLines(openHandles: Record<string, number>): string[] {
    const handles = Object.entries(openHandles).map(([kind, count]) => `${kind} ${count}`);
    const slopeText =
      this.heapSlope === null ? 'too few rounds to tell' : `${(this.heapSlope / 1024).toFixed(1)} KiB a turn`;
    const [, bytes = 0] = this.#heap.at(-1) ?? [];
    return [
      `heap       ${slopeText}, ${(bytes / 1e6).toFixed(1)} MB at the end`,
      `left open  ${handles.length === 0 ? 'nothing' : handles.join(', ')}`,
    ];
  }
}

/** The slope of the straight line through the points (least squares). */
export function slope(points: ReadonlyArray<readonly [x: number, y: number]>): number {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const under = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return under === 0 ? 0 : over / under;
}
