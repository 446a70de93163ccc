import type { TurnOutcome } from './cut-turn.ts';
import type { Cut } from './plan.ts';

/** What many turns add up to. */
export class Figures {
  turns = 0;
  frames = 0;
  resumes = 0;
  lost = 0;
  doubled = 0;
  misplaced = 0;
  foreign = 0;
  /** Seeds of the turns in which something was not as it must be. */
  readonly failed: number[] = [];
  readonly #cuts = new Map<Cut['kind'], number>();
  /** Bytes of heap after so many turns, with no turn under way. */
  readonly #heap: Array<[turns: number, bytes: number]> = [];

  add({ seed, frames, resumes, cuts, heard, faults }: TurnOutcome): void {
    this.turns += 1;
    this.frames += frames;
    this.resumes += resumes;
    for (const [kind, count] of Object.entries(cuts)) {
      this.#cuts.set(kind as Cut['kind'], (this.#cuts.get(kind as Cut['kind']) ?? 0) + count);
    }
    if (faults.length > 0) this.failed.push(seed);
    // A turn without a recording is lost as a whole.
    this.lost += heard?.lost ?? frames;
    this.doubled += heard?.doubled ?? 0;
    this.misplaced += heard?.misplaced ?? 0;
    this.foreign += heard?.foreign ?? 0;
  }

  addHeap(bytes: number): void {
    this.#heap.push([this.turns, bytes]);
  }

  /** Bytes of heap that a turn leaves behind; null where too little was measured to tell. */
  get heapSlope(): number | null {
    // The first half warms up: compiled code and caches are made once.
    const settled = this.#heap.slice(Math.floor(this.#heap.length / 2));
    return settled.length < 3 ? null : slope(settled);
  }

  /** The lines with which a run ends. */
  lines(openHandles: Record<string, number>): string[] {
    const kinds = [...this.#cuts].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`);
    const cuts = [...this.#cuts.values()].reduce((sum, count) => sum + count, 0);
    const handles = Object.entries(openHandles).map(([kind, count]) => `${kind} ${count}`);
    const slopeText =
      this.heapSlope === null ? 'too few rounds to tell' : `${(this.heapSlope / 1024).toFixed(1)} KiB a turn`;
    return [
      `turns      ${this.turns}, ${this.failed.length} of them failed`,
      `frames     ${this.frames} (${(this.frames / 3_000).toFixed(0)} minutes of audio)`,
      `cuts       ${cuts}: ${kinds.join(', ')}`,
      `resumes    ${this.resumes}`,
      `lost       ${this.lost} frames`,
      `doubled    ${this.doubled} frames`,
      `misplaced  ${this.misplaced} frames, ${this.foreign} that nobody said`,
      `heap       ${slopeText}`,
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
