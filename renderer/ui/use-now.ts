import { useEffect, useState } from 'react';

/**
 * The time (ms since the epoch), renewed while `active`.
 * @param anchor ticks fall on whole seconds from here, so that a shown second changes when it is over
 */
export function useNow(active: boolean, anchor: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      const time = Date.now();
      setNow(time);
      const sinceSecond = (((time - anchor) % 1000) + 1000) % 1000;
      timer = setTimeout(tick, 1000 - sinceSecond);
    };
    tick();
    return () => clearTimeout(timer);
  }, [active, anchor]);
  return now;
}
