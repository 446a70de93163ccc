import type { TalkState } from '../../shared/desktop.ts';
import { chooseLanguage, type Language } from '../../shared/language.ts';
import type { OverlayBridge, OverlayTurn } from '../../shared/overlay.ts';
import { scalePosition } from '../state/meter-scale.ts';
import { formatClock } from '../text/format.ts';
import { applyLanguage, text } from '../text/text.ts';

/** States in which the clock of the turn runs. */
const RUNNING: ReadonlySet<TalkState> = new Set(['recording', 'no_sound', 'muted', 'reconnecting']);

/** The shapes of the buttons, as in ui/icons.tsx, which needs React. */
const SHAPES = {
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  continue: 'M8 5.5v13l10.5-6.5z',
  stop: 'M6 6h12v12H6z',
} as const;

/**
 * Draws the overlay without React, so that its window starts with little code. It has no text until the first turn, which
 * says the language.
 * @param now monotonic clock (ms)
 */
export function drawOverlay(place: HTMLElement, bridge: OverlayBridge, now = () => performance.now()): void {
  const state = element('h1', 'overlay-state', 'overlay-state');
  const clock = element('p', 'overlay-clock', 'overlay-clock');
  const meter = element('div', 'overlay-meter', 'overlay-meter');
  meter.setAttribute('aria-hidden', 'true');
  const bar = element('div', 'overlay-bar', 'overlay-bar');
  meter.append(bar);
  const pause = button('overlay-pause', () => bridge.send(turn.talk === 'paused' ? 'continue' : 'pause'));
  const stop = button('overlay-stop', () => bridge.send('stop'));
  const words = element('div', 'overlay-words', 'overlay-words');
  words.append(state, clock, meter);
  place.replaceChildren(words, pause, stop);

  let turn: Omit<OverlayTurn, 'language'> = { talk: 'off', seconds: null };
  let language: Language | null = null;
  let receivedAt = now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function showClock(): void {
    clearTimeout(timer);
    const { talk, seconds } = turn;
    const isRunning = RUNNING.has(talk) && seconds !== null;
    const shown = (seconds ?? 0) + (isRunning ? (now() - receivedAt) / 1000 : 0);
    clock.textContent = formatClock(shown);
    // Again at the next full second.
    if (isRunning) timer = setTimeout(showClock, (1 - (shown % 1)) * 1000 + 5);
  }

  function showTurn(next: OverlayTurn): void {
    turn = next;
    receivedAt = now();
    if (next.language !== language) {
      language = next.language;
      // Nothing in the overlay depends on the region.
      applyLanguage(chooseLanguage({ languages: [] }, language), document);
      label(stop, 'stop', text.overlay.stop);
    }
    place.dataset.talk = next.talk;
    state.textContent = next.talk === 'off' ? '' : text.overlay.states[next.talk];
    const paused = next.talk === 'paused';
    label(pause, paused ? 'continue' : 'pause', paused ? text.turnControls.continue : text.turnControls.pause);
    pause.disabled = next.talk === 'waiting';
    if (!RUNNING.has(next.talk)) bar.style.setProperty('--level', '0');
    showClock();
  }

  bridge.onTurn(showTurn);
  bridge.onLevel((dbfs) => {
    if (RUNNING.has(turn.talk)) bar.style.setProperty('--level', scalePosition(dbfs).toFixed(3));
  });
}

function element(tag: 'h1' | 'p' | 'div', className: string, id: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.dataset.testid = id;
  return made;
}

function button(id: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'icon-button';
  made.dataset.testid = id;
  made.addEventListener('click', onClick);
  // Escape closes its tooltip until the pointer or the focus comes again.
  const setTooltip = (shown: boolean) => made.toggleAttribute('data-tooltip', shown);
  setTooltip(true);
  made.addEventListener('keydown', ({ key }) => key === 'Escape' && setTooltip(false));
  for (const event of ['pointerenter', 'focus']) made.addEventListener(event, () => setTooltip(true));
  return made;
}

/** Sets icon and accessible name, which is the tooltip as well (overlay.css). */
function label(target: HTMLButtonElement, shape: keyof typeof SHAPES, name: string): void {
  const namespace = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(namespace, 'svg');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  picture.dataset.shape = shape;
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', SHAPES[shape]);
  picture.append(path);
  target.replaceChildren(picture);
  target.setAttribute('aria-label', name);
}
