// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Bridge } from '../../../shared/bridge.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import { RetentionField } from './retention-field.tsx';

const NOTHING = { recordings: 0, duration_s: 0, bytes: 0, oldest: null, newest: null };
const SOME = {
  recordings: 12,
  duration_s: 754,
  bytes: 24_100_000,
  oldest: '2026-01-02T12:00:00.000Z',
  newest: '2026-02-03T12:00:00.000Z',
};

function renderField(calls: Partial<Bridge> = {}) {
  const rendered = renderWindow(<RetentionField />, calls);
  const choose = (value: string) =>
    act(async () => void fireEvent.change(screen.getByTestId('retention-policy'), { target: { value } }));
  const enter = (value: string) =>
    act(async () => void fireEvent.change(screen.getByTestId('retention-amount'), { target: { value } }));
  const change = () => screen.queryByTestId('retention-change')?.textContent ?? '';
  const settings = () => rendered.services.settings.getState().settings;
  return { ...rendered, choose, enter, change, settings };
}

test('what a policy deletes is said before it is saved', async () => {
  const previewRetention = vi.fn(async () => SOME);
  const { choose, enter, change, settings } = renderField({ previewRetention });
  expect(change()).toBe('');
  await choose('number');
  await enter('5');
  expect(change()).toContain('Checking what would be deleted…');
  expect(screen.getByTestId<HTMLButtonElement>('retention-save').disabled).toBe(true);
  await vi.waitFor(() => expect(change()).toContain('12 recordings are deleted now: 12:34, 24\u00a0MB.'));
  expect(previewRetention).toHaveBeenLastCalledWith({
    policy: { retention: 'number', retention_days: 30, retention_number: 5, retention_mb: 1_000 },
  });
  expect(settings().retention).toBe('all');
  const save = screen.getByTestId('retention-save');
  expect(save.textContent).toBe('Save and delete 12');
  await act(async () => void fireEvent.click(save));
  expect(settings()).toMatchObject({ retention: 'number', retention_number: 5 });
  expect(change()).toBe('');
});

test('a policy that deletes nothing says so', async () => {
  const { choose, change } = renderField({ previewRetention: async () => NOTHING });
  await choose('days');
  await vi.waitFor(() => expect(change()).toContain('Nothing is deleted now.'));
  expect(screen.getByTestId('retention-save').textContent).toBe('Save');
});

test('Cancel goes back to the saved policy', async () => {
  const { choose, change, settings } = renderField();
  await choose('none');
  await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Cancel' })));
  expect(screen.getByTestId<HTMLSelectElement>('retention-policy').value).toBe('all');
  expect([change(), settings().retention]).toEqual(['', 'all']);
});

test.each(['', '0', '2.5', '3651'])('%j days can’t be saved, and the range is said', async (days) => {
  const { choose, enter, change } = renderField();
  await choose('days');
  await enter(days);
  expect(screen.getByText('Enter a whole number from 1 to 3,650.')).toBeTruthy();
  expect(change()).toBe('');
});

test('without a preview nothing can be saved', async () => {
  const { choose, change } = renderField({ previewRetention: () => Promise.reject(new Error('gone')) });
  await choose('none');
  await vi.waitFor(() => expect(change()).toContain('could not be determined'));
  expect(screen.getByTestId<HTMLButtonElement>('retention-save').disabled).toBe(true);
});
