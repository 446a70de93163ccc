import { describe, expect, test } from 'vitest';
import type { MicCommand } from '../../shared/desktop.ts';
import { fakeBridge, fakeClient } from '../testing/fakes.ts';
import type { VoiceView } from '../voice/voice-client.ts';
import { followMicCommands } from './mic-command.ts';
import { createTalkControl } from './talk-control.ts';
import { createVoiceStore } from './voice-store.ts';

const VIEWS: VoiceView[] = ['idle', 'connecting', 'listening', 'paused', 'reconnecting', 'stopping', 'error'];

function rig(onCancel = () => {}) {
  const { bridge, emit } = fakeBridge();
  const voice = fakeClient();
  const talk = createTalkControl(createVoiceStore(voice.client), voice.client);
  const commands = followMicCommands(bridge, talk, onCancel);
  return { voice, talk, commands, send: (command: MicCommand) => emit('onMicCommand', command) };
}

test.each<[MicCommand, VoiceView[]]>([
  ['toggle', VIEWS],
  ['start', ['idle', 'error']],
  ['stop', ['connecting', 'listening', 'paused', 'reconnecting']],
  ['cancel', ['connecting', 'listening', 'paused', 'reconnecting']],
  ['pause', []],
  ['toggle_mute', []],
])('H12 "%s" presses only in views where the press has the wanted effect', (command, expected) => {
  const { voice, send } = rig();
  const pressed = VIEWS.filter((view) => {
    voice.show({ view });
    const before = voice.calls.press;
    send(command);
    return voice.calls.press > before;
  });
  expect(pressed).toEqual(expected);
});

test('pause and mute are passed on', () => {
  const { voice, send } = rig();
  for (const command of ['pause', 'continue', 'toggle_pause', 'toggle_mute'] as const) send(command);
  voice.show({ view: 'paused', pausedAt: 7, muted: true });
  send('toggle_pause');
  send('toggle_mute');
  expect([voice.calls.setPaused, voice.calls.setMuted]).toEqual([
    [true, false, true, false],
    [true, false],
  ]);
});

test('after dispose commands do nothing', () => {
  const { voice, commands, send } = rig();
  commands.dispose();
  send('toggle');
  expect(voice.calls.press).toBe(0);
});

test('while the shortcut is diverted it does not press the mic, but the tray still does', () => {
  const { voice, commands, send } = rig();
  const received = { first: 0, second: 0 };
  const endFirst = commands.divertKeys(() => void received.first++);
  send('toggle');
  const endSecond = commands.divertKeys(() => void received.second++);
  endFirst();
  send('toggle');
  expect(received).toEqual({ first: 1, second: 1 });
  expect(voice.calls.press).toBe(0);
  send('start');
  expect(voice.calls.press).toBe(1);
  endSecond();
  send('toggle');
  expect(voice.calls.press).toBe(2);
});

describe('a control that is held', () => {
  test('and a command that stops the turn meanwhile: the release changes nothing', () => {
    const { voice, talk, send } = rig();
    talk.down('key', 0);
    voice.show({ view: 'listening' });
    send('stop');
    voice.show({ view: 'stopping' });
    talk.up('key', 1_000);
    expect(voice.calls.press).toBe(2);
  });
});

test('"cancel" marks the turn before the press that ends it, and does nothing without a turn', () => {
  const pressesBefore: number[] = [];
  const { voice, send } = rig(() => pressesBefore.push(voice.calls.press));
  send('cancel');
  voice.show({ view: 'stopping' });
  send('cancel');
  expect([pressesBefore, voice.calls.press]).toEqual([[], 0]);
  voice.show({ view: 'listening' });
  send('cancel');
  expect([pressesBefore, voice.calls.press]).toEqual([[0], 1]);
});
