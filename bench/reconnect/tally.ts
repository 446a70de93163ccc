/** How a server ends: close frames first; every socket destroyed; or destroyed after the process hung for a while. */
export const KINDS = ['graceful', 'abrupt', 'stalled'] as const;
export type Kind = (typeof KINDS)[number];

/** The moment in which a server began to end its connections. */
export interface Mark {
  kind: Kind;
  /** How many frames had come by then. */
  heard: number;
}

export interface Count {
  /** Sent and never heard. */
  lost: number;
  /** Heard again: each copy beyond the first. */
  doubled: number;
  /** Heard for the first time after a later one. */
  disordered: number;
}

export interface Tally extends Count {
  /** Each fault belongs to the restart before it. */
  by: Record<Kind, Count>;
}

/**
 * Holds what was heard against what was sent.
 * @param sent frames that were sent, numbered from 0
 * @param numbers in the order in which they were heard
 * @param marks the restarts, in order
 */
export function tally(sent: number, numbers: readonly number[], marks: readonly Mark[]): Tally {
  const by = { graceful: none(), abrupt: none(), stalled: none() };
  const total = none();
  /** The restarts that have been passed, each with the highest number heard before it. */
  const passed: Array<{ kind: Kind; highest: number }> = [];
  const seen = new Uint8Array(sent);
  let highest = -1;

  const pass = (heard: number): void => {
    for (let mark = marks[passed.length]; mark && mark.heard <= heard; mark = marks[passed.length]) {
      passed.push({ kind: mark.kind, highest });
    }
  };
  const fault = (what: keyof Count, kind: Kind | undefined): void => {
    total[what] += 1;
    if (kind) by[kind][what] += 1;
  };

  for (const [index, number] of numbers.entries()) {
    pass(index);
    if (seen[number]) fault('doubled', passed.at(-1)?.kind);
    else if (number < highest) fault('disordered', passed.at(-1)?.kind);
    seen[number] = 1;
    highest = Math.max(highest, number);
  }
  pass(numbers.length);

  let before = -1;
  for (let number = 0; number < sent; number++) {
    // What was under way when a restart began is higher than all that was heard by then.
    while (number > (passed[before + 1]?.highest ?? sent)) before += 1;
    if (!seen[number]) fault('lost', passed[before]?.kind);
  }
  return { ...total, by };
}

function none(): Count {
  return { lost: 0, doubled: 0, disordered: 0 };
}
