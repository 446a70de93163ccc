/** How a server ends: it sends close frames; it destroys every socket; or it hangs first and then destroys them. */
export const KINDS = ['graceful', 'abrupt', 'stalled'] as const;
export type Kind = (typeof KINDS)[number];

/** The moment at which a server started to end its connections. */
export interface RestartPoint {
  kind: Kind;
  /** Number of frames received until then. */
  received: number;
}

/** Number of faulty frames of each kind. */
export interface Count {
  /** Sent but never received. */
  lost: number;
  /** Copies after the first. */
  duplicates: number;
  /** First received after a later frame. */
  outOfOrder: number;
}

export interface Tally extends Count {
  /** Faults by the kind of the last restart before them. */
  by: Record<Kind, Count>;
}

/**
 * Compares the received frames with those sent.
 * @param sent number of frames sent, which are numbered from 0
 * @param numbers numbers of the received frames, in order of arrival
 * @param restarts oldest first
 */
export function tally(sent: number, numbers: readonly number[], restarts: readonly RestartPoint[]): Tally {
  const by = { graceful: noFaults(), abrupt: noFaults(), stalled: noFaults() };
  const total = noFaults();
  /** The restarts so far, each with the highest number received before it. */
  const pastRestarts: Array<{ kind: Kind; highest: number }> = [];
  const seen = new Uint8Array(sent);
  let highest = -1;

  const advanceTo = (received: number): void => {
    for (
      let restart = restarts[pastRestarts.length];
      restart && restart.received <= received;
      restart = restarts[pastRestarts.length]
    ) {
      pastRestarts.push({ kind: restart.kind, highest });
    }
  };
  const countFault = (what: keyof Count, kind: Kind | undefined): void => {
    total[what] += 1;
    if (kind) by[kind][what] += 1;
  };

  for (const [index, number] of numbers.entries()) {
    advanceTo(index);
    if (seen[number]) countFault('duplicates', pastRestarts.at(-1)?.kind);
    else if (number < highest) countFault('outOfOrder', pastRestarts.at(-1)?.kind);
    seen[number] = 1;
    highest = Math.max(highest, number);
  }
  advanceTo(numbers.length);

  let before = -1;
  for (let number = 0; number < sent; number++) {
    // Frames in flight at a restart have higher numbers than all frames received by then.
    while (number > (pastRestarts[before + 1]?.highest ?? sent)) before += 1;
    if (!seen[number]) countFault('lost', pastRestarts[before]?.kind);
  }
  return { ...total, by };
}

function noFaults(): Count {
  return { lost: 0, duplicates: 0, outOfOrder: 0 };
}
