import { beforeEach, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import { app, dialog, resetFake } from '../testing/fake-electron.ts';
import { showStartFailure, startFailureText } from './start-failure.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

test('a typed error is shown as its sentence, without its code', () => {
  expect(startFailureText(new EarshotError('data_dir_unusable', 'Choose another folder.'))).toBe(
    'Choose another folder.',
  );
});

test('an unexpected error says what to do, followed by the text to report', () => {
  const text = startFailureText(Object.assign(new Error('too many open files'), { code: 'EMFILE' }));
  expect(text).toMatch(/^Something went wrong/);
  expect(text).toContain('Start it again');
  expect(text).toMatch(/\n\nEMFILE: too many open files$/);
});

test.each([true, false])(
  'prints the code on stderr, shows the message in a dialog, and exits with code 1 (ready: %s)',
  (ready) => {
    if (ready) app.ready.resolve();
    const consoleError = vi.spyOn(console, 'error').mockReturnValue();
    showStartFailure(new EarshotError('data_dir_unusable', 'Choose another folder.'));
    expect(consoleError).toHaveBeenCalledExactlyOnceWith(
      'Earshot could not start: data_dir_unusable: Choose another folder.',
    );
    expect(dialog.errors).toEqual(['Earshot could not start: Choose another folder.']);
    expect(app.exits).toEqual([1]);
  },
);
