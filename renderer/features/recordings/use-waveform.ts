import { useEffect, useState } from 'react';
import { useServices } from '../../state/services.ts';
import type { WaveformResult } from '../../state/waveform-store.ts';

/**
 * A recording's waveform, requested while the component is mounted; null until it has arrived.
 * @param wanted false: not requested, for a recording that is still growing
 */
export function useWaveform(id: string, buckets: number, wanted: boolean): WaveformResult | null {
  const { waveforms } = useServices();
  const [shown, setShown] = useState<{ id: string; result: WaveformResult } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const known = waveforms.peek(id, buckets);
    if (known === null) return waveforms.request(id, buckets, (result) => setShown({ id, result }));
    setShown({ id, result: known });
  }, [waveforms, id, buckets, wanted]);
  // That of another recording is stale.
  return shown?.id === id ? shown.result : null;
}
