import { Waveform } from '../../ui/waveform.tsx';
import { useWaveform } from './use-waveform.ts';

const BUCKETS = 200;
/** Shown until the waveform has arrived, so that nothing moves then. */
const FLAT: readonly number[] = Array(BUCKETS).fill(0);

/** The waveform of the selected recording, with what has been played in the accent colour; or why there is none. */
export function WaveformView({ id, wanted }: { id: string; wanted: boolean }) {
  const waveform = useWaveform(id, BUCKETS, wanted);
  if (waveform !== null && 'failure' in waveform) {
    return (
      <p className="wave-failure" role="alert" data-testid="recording-damaged">
        {waveform.failure}
      </p>
    );
  }
  const peaks = waveform?.peaks ?? FLAT;
  return (
    <>
      <Waveform peaks={peaks} />
      <Waveform peaks={peaks} className="wave-played" />
    </>
  );
}
