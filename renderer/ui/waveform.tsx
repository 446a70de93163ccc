import { memo } from 'react';
import './waveform.css';

interface WaveformProps {
  /** From 0 to 255; empty: a flat line. */
  peaks: readonly number[];
  className?: string;
}

/** Height of the drawing; its width is the number of peaks. CSS stretches both. */
const HEIGHT = 64;
/** Share of each bar's place that it fills. */
const FILLED = 0.62;
/** Height of the bar of silence. */
const LEAST = 2;

/** A waveform as bars in the current text colour, hidden from screen readers. */
export const Waveform = memo(function Waveform({ peaks, className = '' }: WaveformProps) {
  return (
    <svg
      className={`waveform ${className}`}
      viewBox={`0 0 ${Math.max(1, peaks.length)} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={barsPath(peaks)} fill="currentColor" />
    </svg>
  );
});

/** One closed rectangle for each peak, around the middle line. The square root makes quiet speech visible. */
export function barsPath(peaks: readonly number[]): string {
  const bars = peaks.map((peak, i) => {
    const height = Math.max(LEAST, Math.sqrt(peak / 255) * HEIGHT);
    const top = (HEIGHT - height) / 2;
    const round = (n: number) => Number(n.toFixed(2));
    return `M${round(i + (1 - FILLED) / 2)} ${round(top)}h${FILLED}v${round(height)}h-${FILLED}z`;
  });
  return bars.join('');
}
