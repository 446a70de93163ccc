import { expect, test, vi } from 'vitest';
import { createMicrophoneAccess } from './microphone-access.ts';

function setUp() {
  const stop = vi.fn();
  const stream = { getTracks: () => [{ stop }] } as unknown as MediaStream;
  let allow = () => {};
  let deny = (_reason: unknown) => {};
  const answer = new Promise<MediaStream>((resolve, reject) => {
    allow = () => resolve(stream);
    deny = reject;
  });
  const getUserMedia = vi.fn(() => answer);
  const onAllowed = vi.fn();
  const access = createMicrophoneAccess({ getUserMedia }, onAllowed);
  return { access, getUserMedia, onAllowed, stop, allow, deny };
}

test('once the user agrees, the microphone is closed again and the names can be read', async () => {
  const { access, getUserMedia, onAllowed, stop, allow } = setUp();
  const asked = access.ask();
  expect(access.getState().asking).toBe(true);
  await access.ask();
  expect(getUserMedia, 'one question at a time').toHaveBeenCalledExactlyOnceWith({ audio: true });
  allow();
  await asked;
  expect(access.getState()).toEqual({ asking: false, problem: null });
  expect([stop.mock.calls.length, onAllowed.mock.calls.length]).toEqual([1, 1]);
});

test.each([
  ['NotAllowedError', 'mic_denied'],
  ['NotFoundError', 'mic_missing'],
  ['NotReadableError', 'mic_busy'],
])('%s: %s, and the user can be asked again', async (name, problem) => {
  const { access, onAllowed, deny } = setUp();
  const asked = access.ask();
  deny(new DOMException('', name));
  await asked;
  expect(access.getState()).toEqual({ asking: false, problem });
  expect(onAllowed).not.toHaveBeenCalled();
});

test('a page outside a secure context can’t ask', async () => {
  const access = createMicrophoneAccess(null, () => {});
  await access.ask();
  expect(access.getState().problem).toBe('mic_failed');
});
