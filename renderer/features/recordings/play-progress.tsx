import { useEffect, useRef } from 'react';
import { usePlayer, useServices } from '../../state/services.ts';
import { formatClock, formatLength } from '../../text/format.ts';
import { text } from '../../text/text.ts';

/** The playback position and a slider to seek. Updated without React once a screen frame. */
export function PlayProgress({ id, durationS }: { id: string; durationS: number }) {
  const { player } = useServices();
  const status = usePlayer((state) => (state.id === id ? state.status : 'stopped'));
  const slider = useRef<HTMLInputElement>(null);
  const clock = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    let frame = 0;
    function draw(): void {
      const position = status === 'stopped' ? 0 : player.position(id);
      if (slider.current) {
        slider.current.value = String(position);
        slider.current.style.setProperty('--played', `${durationS > 0 ? (position / durationS) * 100 : 0}%`);
      }
      if (clock.current) clock.current.textContent = formatClock(position);
      if (status === 'playing') frame = requestAnimationFrame(draw);
    }
    draw();
    return () => cancelAnimationFrame(frame);
  }, [player, id, durationS, status]);

  return (
    <div className="progress">
      <span ref={clock} className="progress-clock" />
      <input
        ref={slider}
        type="range"
        className="progress-slider"
        aria-label={text.recordings.position}
        min={0}
        max={durationS}
        step={0.1}
        defaultValue={0}
        disabled={status === 'stopped' || status === 'loading'}
        onChange={(event) => {
          void player.seek(id, event.target.valueAsNumber);
          event.target.style.setProperty('--played', `${(event.target.valueAsNumber / durationS) * 100}%`);
        }}
      />
      <span className="progress-clock">{formatLength(durationS)}</span>
    </div>
  );
}
