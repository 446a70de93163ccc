import { useEffect, useRef } from 'react';
import { useServices } from '../../state/services.ts';
import type { Level } from '../../voice/voice-client.ts';
import './level-trace.css';
import { scalePosition } from '../../state/meter-scale.ts';

/** Width of one bar, and distance from its left edge to the next one, in CSS pixels. */
const BAR_WIDTH = 3;
const BAR_SPACING = 5;
/** Levels (20 ms each) in one bar: about 16 bars a second. */
const LEVELS_PER_BAR = 3;
/** Height of a bar in silence (CSS pixels), which shows that the trace is running. */
const MIN_BAR_HEIGHT = 3;

/**
 * The last seconds of the voice as bars, newest at the right. Hidden from screen readers: the level meter has the
 * numbers. With reduced motion, bars don't move: they fill the trace from the left, then start again.
 */
export function LevelTrace() {
  const { levels } = useServices();
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const bars: number[] = [];
    let pending: Level[] = [];

    function draw(): void {
      if (!element || !context) return;
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = devicePixelRatio;
      element.width = width * ratio;
      element.height = height * ratio;
      context.scale(ratio, ratio);
      context.fillStyle = getComputedStyle(element).color;
      const shown = Math.floor((width + BAR_SPACING - BAR_WIDTH) / BAR_SPACING);
      const left = width - shown * BAR_SPACING + BAR_SPACING - BAR_WIDTH;
      for (let i = 0; i < shown; i++) {
        const level = bars[reducedMotion ? i : bars.length - shown + i];
        context.globalAlpha = level === undefined ? 0.3 : 1;
        const barHeight = Math.max(MIN_BAR_HEIGHT, (level ?? 0) * height);
        context.beginPath();
        context.roundRect(left + i * BAR_SPACING, (height - barHeight) / 2, BAR_WIDTH, barHeight, BAR_WIDTH / 2);
        context.fill();
      }
      if (bars.length > shown) bars.splice(0, reducedMotion ? bars.length - 1 : bars.length - shown);
    }

    draw();
    const resized = new ResizeObserver(draw);
    resized.observe(element);
    const unsubscribe = levels.subscribe((frame) => {
      pending.push(...frame.levels);
      let hasNewBar = false;
      while (pending.length >= LEVELS_PER_BAR) {
        const peaks = pending.slice(0, LEVELS_PER_BAR).map(({ peak }) => (peak === null ? 0 : scalePosition(peak)));
        pending = pending.slice(LEVELS_PER_BAR);
        // Squared, because bars proportional to dB would look almost equally tall.
        bars.push(Math.max(...peaks) ** 2);
        hasNewBar = true;
      }
      if (hasNewBar) draw();
    });
    return () => {
      unsubscribe();
      resized.disconnect();
    };
  }, [levels]);

  return (
    <div className="trace" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}
