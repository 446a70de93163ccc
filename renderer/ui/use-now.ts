import { useEffect, useReducer } from 'react';

/**
 * The time by the page's monotonic clock (ms, `performance.now()`), which nobody sets. Renews the component while `active`.
 * @param anchor ticks fall on whole seconds from here, so that a shown second changes when it is over
 */
export function useNow(active: boolean, anchor: number): number {
  const [, renew] = useReducer((ticks: number) => ticks + 1, 0);
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      renew();
      const sinceSecond = (((performance.now() - anchor) % 1000) + 1000) % 1000;
      timer = setTimeout(tick, 1000 - sinceSecond);
    };
    tick();
    return () => clearTimeout(timer);
  }, [active, anchor]);
  // Read anew in each render: a countdown that has just begun must not be shown by the time of the last tick.
  return performance.now();
}
