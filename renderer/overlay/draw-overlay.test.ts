// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import type { OverlayCommand, OverlayTurn } from '../../shared/overlay.ts';
import { drawOverlay } from './draw-overlay.ts';

let showTurn: (turn: OverlayTurn) => void = () => undefined;
let showLevel: (dbfs: number) => void = () => undefined;
const sent: OverlayCommand[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
  document.body.innerHTML = '<main></main>';
  const place = document.querySelector('main') as HTMLElement;
  drawOverlay(place, {
    send: (command) => void sent.push(command),
    onTurn: (listener) => {
      showTurn = listener;
    },
    onLevel: (listener) => {
      showLevel = listener;
    },
  });
  return () => void vi.useRealTimers();
});
const find = (id: string) => document.querySelector(`[data-testid="${id}"]`) as HTMLElement;
const shown = () => [find('overlay-state').textContent, find('overlay-clock').textContent];

test('state and clock follow the turn, and the clock stands still during a pause', () => {
  showTurn({ talk: 'recording', seconds: 58.2, language: 'en' });
  expect(shown()).toEqual(['Recording', '0:58']);
  vi.advanceTimersByTime(2_000);
  expect(shown()).toEqual(['Recording', '1:00']);
  showTurn({ talk: 'paused', seconds: 60.5, language: 'en' });
  vi.advanceTimersByTime(5_000);
  expect(shown()).toEqual(['Paused', '1:00']);
  expect(vi.getTimerCount()).toBe(0);
});

test('the texts are in the language of the turn, also when it changes', () => {
  showTurn({ talk: 'paused', seconds: 1, language: 'de' });
  expect(shown()[0]).toBe('Pausiert');
  expect(document.documentElement.lang).toBe('de');
  expect(find('overlay-stop').getAttribute('aria-label')).toBe('Stopp');
  showTurn({ talk: 'paused', seconds: 1, language: 'en' });
  expect(shown()[0]).toBe('Paused');
  expect(find('overlay-stop').getAttribute('aria-label')).toBe('Stop');
});

test('every state has its own word', () => {
  const talks = ['waiting', 'recording', 'no_sound', 'muted', 'paused', 'reconnecting'] as const;
  const words = talks.map((talk) => {
    showTurn({ talk, seconds: 1, language: 'en' });
    return find('overlay-state').textContent;
  });
  expect(new Set(words).size).toBe(talks.length);
});

test('the buttons pause, continue and stop, and have names', () => {
  showTurn({ talk: 'recording', seconds: 1, language: 'en' });
  expect(find('overlay-pause').getAttribute('aria-label')).toBe('Pause');
  find('overlay-pause').click();
  showTurn({ talk: 'paused', seconds: 1, language: 'en' });
  expect(find('overlay-pause').getAttribute('aria-label')).toBe('Continue');
  find('overlay-pause').click();
  find('overlay-stop').click();
  expect(sent).toEqual(['pause', 'continue', 'stop']);
});

test('Escape closes the tooltip of a button until the pointer or the focus comes again', () => {
  const pause = find('overlay-pause');
  expect([pause.hasAttribute('data-tooltip'), pause.title]).toEqual([true, '']);
  pause.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  expect(pause.hasAttribute('data-tooltip')).toBe(false);
  pause.dispatchEvent(new Event('pointerenter'));
  expect(pause.hasAttribute('data-tooltip')).toBe(true);
});

test('the level is drawn while it records, and is empty during a pause', () => {
  const level = () => find('overlay-bar').style.getPropertyValue('--level');
  showTurn({ talk: 'recording', seconds: 1, language: 'en' });
  showLevel(-30);
  expect(level()).toBe('0.500');
  showTurn({ talk: 'paused', seconds: 1, language: 'en' });
  showLevel(-10);
  expect(level()).toBe('0');
});
