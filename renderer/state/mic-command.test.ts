import { expect, test } from 'vitest';
import { MicCommand } from '../../shared/desktop.ts';
import { fakeBridge, fakeClient } from '../testing/fakes.ts';
import type { VoiceView } from '../voice/voice-client.ts';
import { followMicCommands, pressesMic } from './mic-command.ts';

const VIEWS: VoiceView[] = ['idle', 'connecting', 'listening', 'reconnecting', 'stopping', 'error'];

test('each command presses only in views where the press has the wanted effect', () => {
  const pressed = Object.fromEntries(
    MicCommand.options.map((command) => [command, VIEWS.filter((view) => pressesMic(command, view))]),
  );
  expect(pressed).toEqual({
    toggle: VIEWS,
    start: ['idle', 'error'],
    stop: ['connecting', 'listening', 'reconnecting'],
    cancel: ['connecting', 'listening', 'reconnecting'],
  });
});

test('H12 a command presses the mic by the client’s current state', () => {
  const { bridge, emit } = fakeBridge();
  const voice = fakeClient();
  const commands = followMicCommands(bridge, voice.client);
  emit('onMicCommand', 'start');
  voice.show({ view: 'connecting' });
  emit('onMicCommand', 'start');
  expect(voice.calls.press).toBe(1);
  emit('onMicCommand', 'stop');
  voice.show({ view: 'stopping' });
  emit('onMicCommand', 'stop');
  expect(voice.calls.press).toBe(2);
  emit('onMicCommand', 'toggle');
  expect(voice.calls.press).toBe(3);
  commands.dispose();
  emit('onMicCommand', 'toggle');
  expect(voice.calls.press).toBe(3);
});

test('while the shortcut is diverted it does not press the mic, but the tray still does', () => {
  const { bridge, emit } = fakeBridge();
  const voice = fakeClient();
  const commands = followMicCommands(bridge, voice.client);
  const received = { first: 0, second: 0 };
  const endFirst = commands.divertKeys(() => void received.first++);
  emit('onMicCommand', 'toggle');
  const endSecond = commands.divertKeys(() => void received.second++);
  endFirst();
  emit('onMicCommand', 'toggle');
  expect(received).toEqual({ first: 1, second: 1 });
  expect(voice.calls.press).toBe(0);
  emit('onMicCommand', 'start');
  expect(voice.calls.press).toBe(1);
  endSecond();
  emit('onMicCommand', 'toggle');
  expect(voice.calls.press).toBe(2);
});

test('"cancel" marks the turn before the press that ends it, and does nothing without a turn', () => {
  const { bridge, emit } = fakeBridge();
  const { client, show, calls } = fakeClient();
  const pressesBefore: number[] = [];
  followMicCommands(bridge, client, () => pressesBefore.push(calls.press));
  emit('onMicCommand', 'cancel');
  show({ view: 'stopping' });
  emit('onMicCommand', 'cancel');
  expect([pressesBefore, calls.press]).toEqual([[], 0]);
  show({ view: 'listening' });
  emit('onMicCommand', 'cancel');
  expect([pressesBefore, calls.press]).toEqual([[0], 1]);
});
