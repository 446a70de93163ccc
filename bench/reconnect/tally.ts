/** How a server ends: with close frames; by destroying every socket; or by destroying them after the process hung. */
export const KINDS = ['graceful', 'abrupt', 'stalled'] as const;
export type Kind = (typeof KINDS)[number];

/** The moment at which a server began to end its connections. */
export interface RestartPoint {
  kind: Kind;
  /** Frames received until then. */
  received: number;
}

export interface Count {
  /** Sent and never received. */
  lost: number;
  /** Received again: each copy after the first. */
  duplicates: number;
  /** Received for the first time after a later frame. */
  outOfOrder: number;
}

export interface Tally extends Count {
  /** Faults by the kind of the restart before them. */
  by: Record<Kind, Count>;
}

/**
 * Compares the received frames with the sent ones.
 * @param sent number of frames sent; they are numbered from 0
 * @param numbers numbers of the received frames, in order of arrival
 * @param restarts in order
 */
export function tally(sent: number, numbers: readonly number[], restarts: readonly RestartPoint[]): Tally {
  const by = { graceful: none(), abrupt: none(), stalled: none() };
  const total = none();
  /** The restarts so far, each with the highest number received before it. */
  const passed: Array<{ kind: Kind; highest: number }> = [];
  const seen = new Uint8Array(sent);
  let highest = -1;

  const pass = (received: number): void => {
    for (
      let restart = restarts[passed.length];
      restart && restart.received <= received;
      restart = restarts[passed.length]
    ) {
      passed.push({ kind: restart.kind, highest });
    }
  };
  const fault = (what: keyof Count, kind: Kind | undefined): void => {
    total[what] += 1;
    if (kind) by[kind][what] += 1;
  };

  for (const [index, number] of numbers.entries()) {
    pass(index);
    if (seen[number]) fault('duplicates', passed.at(-1)?.kind);
    else if (number < highest) fault('outOfOrder', passed.at(-1)?.kind);
    seen[number] = 1;
    highest = Math.max(highest, number);
  }
  pass(numbers.length);

  let before = -1;
  for (let number = 0; number < sent; number++) {
    // Frames in flight at a restart have higher numbers than all frames received by then.
    while (number > (passed[before + 1]?.highest ?? sent)) before += 1;
    if (!seen[number]) fault('lost', passed[before]?.kind);
  }
  return { ...total, by };
}

function none(): Count {
  return { lost: 0, duplicates: 0, outOfOrder: 0 };
}
