import { useEffect, useRef } from 'react';
import { FLOOR_DBFS } from '../../../shared/level.ts';
import { useServices } from '../../state/services.ts';
import { formatDbfs } from '../../text/format.ts';
import './level-meter.css';
import {
  isOnScale,
  METER_AT_REST,
  type MeterReading,
  SCALE_FLOOR_DBFS,
  SCALE_MARKS,
  scalePosition,
} from '../../state/meter-scale.ts';
import { text } from '../../text/text.ts';

/** The ARIA value changes at most this often (ms). */
const ARIA_INTERVAL_MS = 1_000;

function levelText(dbfs: number): string {
  return isOnScale(dbfs) ? formatDbfs(dbfs) : text.instruments.underScale({ level: -SCALE_FLOOR_DBFS });
}

/**
 * The microphone's level. It is drawn without React: each screen frame changes three styles. The bar shows the current
 * peak level; the mark and the number show the highest peak of the last seconds.
 */
export function LevelMeter() {
  const { levels } = useServices();
  const meter = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const hold = useRef<HTMLDivElement>(null);
  const digits = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    let ariaAt = 0;
    let shownText = '';

    function draw({ bar: now, hold: peak }: MeterReading, time: number): void {
      if (bar.current) bar.current.style.clipPath = `inset(0 ${100 - scalePosition(now) * 100}% 0 0)`;
      if (hold.current) {
        hold.current.style.transform = `translateX(${scalePosition(peak) * 100}%)`;
        hold.current.style.opacity = isOnScale(peak) ? '1' : '0';
      }
      // Setting the text causes a layout, so it is set only when it changes.
      const label = levelText(peak);
      if (digits.current && label !== shownText) digits.current.textContent = label;
      shownText = label;
      const isSilent = peak <= FLOOR_DBFS;
      if (meter.current && (isSilent || time - ariaAt >= ARIA_INTERVAL_MS)) {
        const shown = Math.round(Math.max(SCALE_FLOOR_DBFS, peak));
        meter.current.setAttribute('aria-valuenow', String(shown));
        meter.current.setAttribute(
          'aria-valuetext',
          isOnScale(peak) ? text.instruments.levelValue({ level: shown }) : text.instruments.silence,
        );
        ariaAt = time;
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
        aria-label={text.instruments.level}
        aria-valuemin={SCALE_FLOOR_DBFS}
        aria-valuemax={0}
        aria-valuenow={SCALE_FLOOR_DBFS}
      >
        <div ref={bar} className="meter-bar" data-testid="meter-bar" />
        <div ref={hold} className="meter-hold" data-testid="meter-mark" />
      </div>
      <div className="meter-scale" aria-hidden="true">
        {SCALE_MARKS.map((mark) => (
          <span key={mark} style={{ left: `${scalePosition(mark) * 100}%` }}>
            {mark < 0 ? `−${-mark}` : mark}
          </span>
        ))}
      </div>
      <p className="meter-digits" aria-hidden="true" title={text.instruments.peakHint}>
        {text.instruments.peak} <span ref={digits} data-testid="meter-value" /> {text.instruments.peakUnit}
      </p>
    </div>
  );
}
