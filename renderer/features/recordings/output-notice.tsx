import { useStore } from 'zustand';
import { usePlayer, useServices } from '../../state/services.ts';
import { Warning } from '../../ui/notice.tsx';

/** Says that this recording does not play on the chosen output device, and why. */
export function OutputNotice({ id }: { id: string }) {
  const { output } = useServices();
  const isLoaded = usePlayer((state) => state.id === id);
  const notice = useStore(output, (state) => state.notice);
  // Always mounted, because screen readers announce changes only.
  return (
    <div role="status">{isLoaded && notice !== '' && <Warning sentence={notice} data-testid="output-notice" />}</div>
  );
}
