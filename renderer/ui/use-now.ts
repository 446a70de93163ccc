import { useEffect, useState } from 'react';

/**
 * The time by the page's monotonic clock (ms, `performance.now()`), renewed while `active`: a wall clock that is set does not
 * change what is counted by it.
 * @param anchor ticks fall on whole seconds from here, so that a shown second changes when it is over
 */
export function useNow(active: boolean, anchor: number): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      const time = performance.now();
      setNow(time);
      const sinceSecond = (((time - anchor) % 1000) + 1000) % 1000;
      timer = setTimeout(tick, 1000 - sinceSecond);
    };
    tick();
    return () => clearTimeout(timer);
  }, [active, anchor]);
  return now;
}
