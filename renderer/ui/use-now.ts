import { useEffect, useReducer } from 'react';

/**
 * The page's monotonic time (ms, `performance.now()`). Renders the component again once a second while `active`.
 * @param anchor the component renders at whole seconds from this time (ms)
 */
export function useNow(active: boolean, anchor: number): number {
  const [, rerender] = useReducer((ticks: number) => ticks + 1, 0);
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      rerender();
      const sinceSecond = (((performance.now() - anchor) % 1000) + 1000) % 1000;
      timer = setTimeout(tick, 1000 - sinceSecond);
    };
    tick();
    return () => clearTimeout(timer);
  }, [active, anchor]);
  // Read in each render, because a countdown may start between two ticks.
  return performance.now();
}
