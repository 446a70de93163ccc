import { useEffect, useRef } from 'react';
import { FLOOR_DBFS } from '../../../shared/level.ts';
import {
  isOnScale,
  METER_AT_REST,
  type MeterReading,
  type NowWord,
  SCALE_FLOOR_DBFS,
  scalePosition,
  wordNow,
} from '../../state/meter-scale.ts';
import { useServices } from '../../state/services.ts';
import { formatDbfs } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import './level-meter.css';

/** The tooltip and the ARIA value change at most this often (ms). */
const VALUE_INTERVAL_MS = 1_000;
/** With reduced motion, the meter is drawn this often (ms): as a still picture that is replaced. */
const STILL_INTERVAL_MS = 1_000;

/**
 * The microphone's level, with one word for it. It is drawn without React: each screen frame changes three styles. The
 * bar shows the current peak level, the mark the highest one of the last seconds, and the box at the end whether
 * samples were clipped. The figures are in the tooltip.
 */
export function LevelMeter() {
  const { levels } = useServices();
  const meter = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const hold = useRef<HTMLDivElement>(null);
  const clip = useRef<HTMLSpanElement>(null);
  const words = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
    let valueAt = 0;
    let drawnAt = Number.NEGATIVE_INFINITY;
    let shown: NowWord | null = null;

    function draw(reading: MeterReading, time: number): void {
      const word = wordNow(reading);
      const isStill = reducedMotion && word === shown && time - drawnAt < STILL_INTERVAL_MS;
      if (!isStill) {
        drawnAt = time;
        drawBar(reading);
      }
      // Setting the text causes a layout, so it is set only when it changes.
      if (word !== shown) {
        if (words.current) words.current.textContent = text.instruments.words[word];
        if (words.current) words.current.dataset.level = word;
        if (clip.current) clip.current.dataset.clipped = String(word === 'too_loud');
        shown = word;
      }
      const isSilent = reading.hold <= FLOOR_DBFS;
      if (isSilent || time - valueAt >= VALUE_INTERVAL_MS) {
        setValue(reading, word);
        valueAt = time;
      }
    }

    function drawBar({ bar: now, hold: peak }: MeterReading): void {
      // A still picture shows the level of the last seconds: that of one moment would be between two words.
      const length = reducedMotion ? peak : now;
      if (bar.current) bar.current.style.clipPath = `inset(0 ${100 - scalePosition(length) * 100}% 0 0)`;
      if (!hold.current) return;
      hold.current.style.transform = `translateX(${scalePosition(peak) * 100}%)`;
      hold.current.style.opacity = isOnScale(peak) ? '1' : '0';
    }

    function setValue({ hold: peak }: MeterReading, word: NowWord): void {
      const value = isOnScale(peak)
        ? text.instruments.levelValue({ word: text.instruments.words[word], level: formatDbfs(peak) })
        : text.instruments.silence;
      meter.current?.setAttribute('aria-valuenow', String(Math.round(Math.max(SCALE_FLOOR_DBFS, peak))));
      meter.current?.setAttribute('aria-valuetext', value);
      if (meter.current) meter.current.title = value;
    }

    draw(METER_AT_REST, 0);
    return levels.subscribe(({ reading }) => draw(reading, performance.now()));
  }, [levels]);

  return (
    <div className="meter">
      <p className="meter-word" aria-hidden="true">
        <span ref={words} data-testid="meter-word" />
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> element can't hold a peak mark or be drawn on */}
      <div
        ref={meter}
        className="meter-row"
        data-testid="meter"
        role="meter"
        aria-label={text.instruments.level}
        aria-valuemin={SCALE_FLOOR_DBFS}
        aria-valuemax={0}
        aria-valuenow={SCALE_FLOOR_DBFS}
      >
        <div className="meter-track">
          <div ref={bar} className="meter-bar" data-testid="meter-bar" />
          <div ref={hold} className="meter-hold" data-testid="meter-mark" />
        </div>
        <span ref={clip} className="meter-clip" data-testid="meter-clip" />
      </div>
    </div>
  );
}
