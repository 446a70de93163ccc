// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import { de } from '../../text/de.ts';
import { en } from '../../text/en.ts';
import { commandOf, hasOwnKeys, PANEL_KEYS } from './panel-keys.ts';

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

describe('commandOf', () => {
  test.each([
    ['/', 'search'],
    ['?', 'help'],
    ['n', 'nextMatch'],
    ['N', 'previousMatch'],
    ['j', 'down'],
    ['k', 'up'],
    ['Escape', 'close'],
  ])('%s works everywhere in the panel', (key, command) => {
    expect(commandOf(press(key), false)).toBe(command);
    expect(commandOf(press(key), true)).toBe(command);
  });

  test.each(['ArrowDown', 'Enter', 'Home', 'End', 'PageUp'])(
    '%s belongs to the list, elsewhere to the control',
    (key) => {
      expect(commandOf(press(key), false)).toBeNull();
      expect(commandOf(press(key), true)).not.toBeNull();
    },
  );

  test('with Ctrl, letters are other commands, with Alt none', () => {
    expect(commandOf(press('c', { ctrlKey: true }), true)).toBe('copy');
    expect(commandOf(press('c', { metaKey: true }), true)).toBe('copy');
    expect(commandOf(press('c'), true)).toBeNull();
    expect(commandOf(press('n', { ctrlKey: true }), true)).toBeNull();
    expect(commandOf(press('p', { altKey: true }), true)).toBeNull();
  });
});

test('no key has two commands', () => {
  const keys = PANEL_KEYS.flatMap(({ keys }) => keys.map(({ key, command }) => `${command ? 'Ctrl+' : ''}${key}`));
  expect(new Set(keys).size).toBe(keys.length);
});

test('the help names every command, in both languages', () => {
  for (const { log } of [en, de])
    expect(Object.keys(log.keyCommands)).toEqual(PANEL_KEYS.map(({ command }) => command));
});

test('letters belong to fields, menus and dialogs, and not to buttons and switches', () => {
  document.body.innerHTML = `
    <input type="search" class="own"><select class="own"></select><div role="menu"><i class="own"></i></div>
    <dialog><button class="own"></button></dialog><button></button><input type="radio"><div role="grid"></div>`;
  for (const element of document.body.querySelectorAll('.own')) expect(hasOwnKeys(element)).toBe(true);
  for (const element of document.body.querySelectorAll(':scope > :not(.own, dialog, [role="menu"])'))
    expect(hasOwnKeys(element)).toBe(false);
});
