import { describe, expect, test } from 'vitest';
import type { InterruptedTurn } from '../../../shared/bridge.ts';
import type { Interruption } from '../../state/interrupted-turn-store.ts';
import { recording } from '../../testing/fakes.ts';
import { interruptedTurnText } from './interrupted-turn-text.ts';

const ended = (change: Partial<InterruptedTurn> = {}): InterruptedTurn => ({
  state: 'ended',
  recordings: [recording({ duration_s: 12.2 })],
  failure: null,
  ...change,
});
const text = (change: Partial<Interruption>, shell: 'tab' | 'desktop' = 'desktop') =>
  interruptedTurnText({ by: 'reloaded', phase: 'listening', result: ended(), ...change }, shell).join(' ');

describe('why listening stopped', () => {
  test.each<[Interruption['by'], 'tab' | 'desktop', string]>([
    ['reloaded', 'desktop', 'Listening stopped because the window was reloaded. 0:12 was saved.'],
    ['reloaded', 'tab', 'Listening stopped because the tab was reloaded. 0:12 was saved.'],
    ['crashed', 'desktop', 'Listening stopped because the window stopped working. 0:12 was saved.'],
    ['crashed', 'tab', 'Listening stopped because the tab stopped working. 0:12 was saved.'],
    ['left', 'tab', 'Listening stopped because the page was left. 0:12 was saved.'],
  ])('%s, %s', (by, shell, expected) => expect(text({ by }, shell)).toBe(expected));

  test('the turn had been stopped already', () => {
    expect(text({ phase: 'stopping' })).toBe(
      'The window was reloaded while your last words were being saved. 0:12 was saved.',
    );
  });

  test('without a connection, audio that was in the page only is lost', () => {
    expect(text({ phase: 'waiting' })).toBe(
      'The window was reloaded while there was no connection. 0:12 was saved. What you said without a connection is lost.',
    );
  });
});

describe('what was saved', () => {
  const saved = (result: Interruption['result']) =>
    text({ result }).replace('Listening stopped because the window was reloaded. ', '');

  test.each<[string, Interruption['result'], string]>([
    ['pending', 'pending', 'Saving what you said…'],
    ['unknown to the host', 'unknown', 'What was saved is under Recordings.'],
    ['nothing, without a failure', ended({ recordings: [] }), 'Nothing was recorded.'],
    [
      'nothing, with the reason',
      ended({ recordings: [], failure: 'The disk is full. Make room.' }),
      'Nothing was saved. The disk is full. Make room.',
    ],
    [
      'a part, with the reason',
      ended({ failure: 'The disk is full. Make room.' }),
      '0:12 was saved. The rest was not: The disk is full. Make room.',
    ],
    [
      'still being written',
      ended({ state: 'saving', recordings: [] }),
      'What you said is still being saved. It will appear under Recordings.',
    ],
    [
      'the sum of a turn that continued as a new session',
      ended({ recordings: [recording({ duration_s: 40 }), recording({ duration_s: 33 })] }),
      '1:13 was saved.',
    ],
  ])('%s', (_title, result, expected) => expect(saved(result)).toBe(expected));
});
