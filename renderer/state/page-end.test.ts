import { expect, test, vi } from 'vitest';
import { type PageEvents, watchPageEnd } from './page-end.ts';

function setUp(confirmsClose: boolean) {
  const listeners = new Map<string, (event: never) => void>();
  const did: string[] = [];
  const page: PageEvents = {
    addEventListener: (type: string, listener: (event: never) => void) => void listeners.set(type, listener),
    location: { reload: () => did.push('reload') },
  };
  const turn = { open: false, audio: false };
  watchPageEnd(page, {
    note: { isOpen: () => turn.open, leave: () => did.push('leave') },
    holdsAudio: () => turn.audio,
    confirmsClose,
    end: () => did.push('end'),
  });
  const raise = (type: string, event: object = {}) => listeners.get(type)?.(event as never);
  const beforeUnload = () => {
    const event = { preventDefault: vi.fn(), returnValue: '' as unknown };
    raise('beforeunload', event);
    return { prevented: event.preventDefault.mock.calls.length > 0, returnValue: event.returnValue };
  };
  return { did, raise, beforeUnload, listeners, turn };
}

test('a page that ends records its normal end before it ends its turn', () => {
  const { did, raise } = setUp(true);
  raise('pagehide');
  expect(did).toEqual(['leave', 'end']);
});

test('a tab asks before it closes with an open turn, and only then', () => {
  const { beforeUnload, turn } = setUp(true);
  expect(beforeUnload()).toEqual({ prevented: false, returnValue: '' });
  turn.open = true;
  expect(beforeUnload()).toEqual({ prevented: true, returnValue: true });
});

test('H59 a tab asks while it holds unsaved audio', () => {
  const { beforeUnload, turn } = setUp(true);
  turn.audio = true;
  expect(beforeUnload()).toEqual({ prevented: true, returnValue: true });
});

test('a desktop window never blocks closing: Electron would refuse silently', () => {
  expect(setUp(false).listeners.has('beforeunload')).toBe(false);
});

test('a page restored from the back/forward cache reloads; a page that is loaded does not', () => {
  const { did, raise } = setUp(true);
  raise('pageshow', { persisted: false });
  expect(did).toEqual([]);
  raise('pageshow', { persisted: true });
  expect(did).toEqual(['reload']);
});
