// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { fakeClient } from '../testing/fakes.ts';
import { setLanguage } from '../text/text.ts';
import { followTitleAndIcon } from './title-and-icon.ts';
import { createVoiceStore } from './voice-store.ts';

test('title and icon of the page say what is recorded, and nothing before the first sound', () => {
  document.title = 'Earshot';
  document.head.innerHTML = '<link rel="icon" href="./own.svg">';
  const icon = () => document.querySelector('link[rel="icon"]')?.getAttribute('href') ?? '';
  const { client, show } = fakeClient();
  const { update, dispose } = followTitleAndIcon(createVoiceStore(client), document);
  // The tests' bundler puts small pictures into the address itself.
  const nameOf = (href: string) => ['own', 'paused', 'recording'].find((name) => href.toLowerCase().includes(name));
  const shown = () => [document.title, nameOf(icon())];

  show({ view: 'connecting' });
  expect(shown()).toEqual(['Earshot', 'own']);
  show({ view: 'listening', micLive: true });
  expect(shown()).toEqual(['● Recording · Earshot', 'recording']);
  show({ muted: true });
  expect(shown()).toEqual(['● Recording, muted · Earshot', 'paused']);
  show({ muted: false, view: 'paused', pausedAt: 1 });
  expect(shown()).toEqual(['○ Paused · Earshot', 'paused']);
  show({ view: 'reconnecting', pausedAt: null });
  expect(shown()).toEqual(['● Recording, not connected · Earshot', 'recording']);
  show({ view: 'listening', microphone: { label: 'Desk', status: 'stalled', instead_of: null } });
  expect(shown()[0]).toBe('● Recording, no sound · Earshot');
  show({ view: 'stopping', micLive: false, microphone: null });
  expect(shown()).toEqual(['Earshot', 'own']);
  show({ view: 'listening', micLive: true });
  setLanguage({ language: 'de', locale: 'de-DE' });
  update();
  expect(shown()).toEqual(['● Aufnahme · Earshot', 'recording']);
  setLanguage({ language: 'en', locale: 'en-US' });
  dispose();
  expect(shown()).toEqual(['Earshot', 'own']);
});
