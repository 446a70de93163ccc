import { useEffect, useRef } from 'react';
import { FLOOR_DBFS } from '../../../shared/level.ts';
import { useServices } from '../../state/services.ts';
import { formatDbfs } from '../../ui/format.ts';
import './level-meter.css';
import { METER_AT_REST, type MeterReading, SCALE_FLOOR_DBFS, SCALE_MARKS, scalePosition } from './meter-scale.ts';

/** Digits that change faster than five times a second can't be read. */
const READOUT_MS = 200;
/** A screen reader is not told more often than this (ms). */
const ARIA_MS = 1_000;

function words(dbfs: number): string {
  return formatDbfs(dbfs > FLOOR_DBFS ? dbfs : null);
}

/**
 * Peak level in dBFS with a held peak, drawn past React: a frame of it is three style changes.
 * The digits show the loudest of the last 200 ms.
 */
export function LevelMeter() {
  const { levels } = useServices();
  const meter = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const hold = useRef<HTMLDivElement>(null);
  const digits = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    let loudest = FLOOR_DBFS;
    let digitsAt = 0;
    let ariaAt = 0;

    function draw(reading: MeterReading, time: number): void {
      if (bar.current) bar.current.style.clipPath = `inset(0 ${100 - scalePosition(reading.bar) * 100}% 0 0)`;
      if (hold.current) {
        hold.current.style.transform = `translateX(${scalePosition(reading.hold) * 100}%)`;
        hold.current.style.opacity = reading.hold > SCALE_FLOOR_DBFS ? '1' : '0';
      }
      loudest = Math.max(loudest, reading.bar);
      const resting = reading.bar <= FLOOR_DBFS;
      if (digits.current && (resting || time - digitsAt >= READOUT_MS)) {
        digits.current.textContent = words(loudest);
        digitsAt = time;
        if (meter.current && (resting || time - ariaAt >= ARIA_MS)) {
          const shown = Math.round(Math.max(SCALE_FLOOR_DBFS, loudest));
          meter.current.setAttribute('aria-valuenow', String(shown));
          meter.current.setAttribute('aria-valuetext', resting ? 'silence' : `${shown} dBFS`);
          ariaAt = time;
        }
        loudest = FLOOR_DBFS;
      }
    }

    draw(METER_AT_REST, 0);
    return levels.subscribe(({ reading }) => draw(reading, performance.now()));
  }, [levels]);

  return (
    <div className="meter">
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> element can't hold a peak mark or be drawn on */}
      <div
        ref={meter}
        className="meter-track"
        data-testid="meter"
        role="meter"
        aria-label="Microphone level"
        aria-valuemin={SCALE_FLOOR_DBFS}
        aria-valuemax={0}
        aria-valuenow={SCALE_FLOOR_DBFS}
      >
        <div ref={bar} className="meter-bar" />
        <div ref={hold} className="meter-hold" />
      </div>
      <div className="meter-scale" aria-hidden="true">
        {SCALE_MARKS.map((mark) => (
          <span key={mark} style={{ left: `${scalePosition(mark) * 100}%` }}>
            {mark < 0 ? `−${-mark}` : mark}
          </span>
        ))}
      </div>
      <p className="meter-digits" aria-hidden="true">
        <span ref={digits} data-testid="meter-value" /> dBFS
      </p>
    </div>
  );
}
