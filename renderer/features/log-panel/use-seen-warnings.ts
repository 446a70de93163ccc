import { useEffect } from 'react';
import { useLog, useServices } from '../../state/services.ts';

/** While the panel is open, its warnings count as seen. A list that was paused by scrolling begins at its end again. */
export function useSeenWarnings(): void {
  const { log } = useServices();
  const unseen = useLog((state) => state.unseenWarnings);
  useEffect(() => {
    if (unseen > 0) log.seeWarnings();
  }, [log, unseen]);
  useEffect(() => () => log.follow('scroll'), [log]);
}
