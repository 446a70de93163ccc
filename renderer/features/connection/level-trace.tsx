import { useEffect, useRef } from 'react';
import { type MeterReading, scalePosition } from '../../state/meter-scale.ts';
import { useServices, useVoice } from '../../state/services.ts';
import { talkState } from '../../state/talk-state.ts';
import type { Level } from '../../voice/voice-client.ts';
import './level-trace.css';

/** Width of one bar, and distance from its left edge to the next one, in CSS pixels. */
const BAR_WIDTH = 3;
const BAR_SPACING = 5;
/** Levels (20 ms each) in one bar: about 16 bars a second. */
const LEVELS_PER_BAR = 3;
/** Height of a bar in silence (CSS pixels), which shows that the trace is running. */
const MIN_BAR_HEIGHT = 3;
/** With reduced motion, a still picture is replaced this often (ms). */
const STILL_INTERVAL_MS = 1_000;
/** Heights of the bars of the still picture: the shape of a voice, repeated. */
const STILL_SHAPE = [0.35, 0.6, 0.9, 0.7, 1, 0.8, 0.5, 0.75, 0.95, 0.6, 0.4, 0.3];

/**
 * The last seconds of the voice as bars, newest at the right. Hidden from screen readers: the level meter has the
 * value. With reduced motion a still picture fills the whole trace: its height is the level of the last seconds.
 */
export function LevelTrace() {
  const { levels } = useServices();
  // The colour, which the canvas reads when it draws.
  const talk = useVoice(talkState);
  const canvas = useRef<HTMLCanvasElement>(null);
  const redraw = useRef<() => void>(() => undefined);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const bars: number[] = [];
    let pending: Level[] = [];
    let still = 0;
    let stillAt = Number.NEGATIVE_INFINITY;

    let width = 0;
    let height = 0;
    let ratio = 0;

    /** Reads the size, which causes a layout, and makes the canvas as large. */
    function resize(): void {
      if (!element || !context) return;
      ratio = devicePixelRatio;
      width = element.clientWidth;
      height = element.clientHeight;
      element.width = width * ratio;
      element.height = height * ratio;
      context.scale(ratio, ratio);
      draw();
    }

    function draw(): void {
      if (!element || !context) return;
      // Another zoom or another screen.
      if (ratio !== devicePixelRatio) return resize();
      context.clearRect(0, 0, width, height);
      context.fillStyle = getComputedStyle(element).color;
      const shown = Math.floor((width + BAR_SPACING - BAR_WIDTH) / BAR_SPACING);
      const left = width - shown * BAR_SPACING + BAR_SPACING - BAR_WIDTH;
      for (let i = 0; i < shown; i++) {
        const level = reducedMotion ? stillBar(i, still) : bars[bars.length - shown + i];
        context.globalAlpha = level === undefined ? 0.3 : 1;
        const barHeight = Math.max(MIN_BAR_HEIGHT, (level ?? 0) * height);
        context.beginPath();
        context.roundRect(left + i * BAR_SPACING, (height - barHeight) / 2, BAR_WIDTH, barHeight, BAR_WIDTH / 2);
        context.fill();
      }
      if (bars.length > shown) bars.splice(0, bars.length - shown);
    }

    function addBars(received: readonly Level[]): void {
      pending.push(...received);
      let hasNewBar = false;
      while (pending.length >= LEVELS_PER_BAR) {
        const peaks = pending.slice(0, LEVELS_PER_BAR).map(({ peak }) => (peak === null ? 0 : scalePosition(peak)));
        pending = pending.slice(LEVELS_PER_BAR);
        // Squared, because bars proportional to dB would look almost equally tall.
        bars.push(Math.max(...peaks) ** 2);
        hasNewBar = true;
      }
      if (hasNewBar) draw();
    }

    function showStill({ hold }: MeterReading): void {
      const now = performance.now();
      const level = scalePosition(hold) ** 2;
      // The first sound is shown at once: until then the picture is empty.
      if (now - stillAt < STILL_INTERVAL_MS && !(still === 0 && level > 0)) return;
      stillAt = now;
      still = level;
      draw();
    }

    redraw.current = draw;
    draw();
    const resized = new ResizeObserver(resize);
    resized.observe(element);
    const unsubscribe = levels.subscribe((frame) => (reducedMotion ? showStill(frame.reading) : addBars(frame.levels)));
    return () => {
      redraw.current = () => undefined;
      unsubscribe();
      resized.disconnect();
    };
  }, [levels]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colour follows the state.
  useEffect(() => redraw.current(), [talk]);

  return (
    <div className="trace" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}

/** Height of a bar of the still picture, in [0, 1]; undefined: no sound has been heard. */
function stillBar(index: number, level: number): number | undefined {
  return level === 0 ? undefined : level * (STILL_SHAPE[index % STILL_SHAPE.length] ?? 1);
}
