// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/settings.ts';
import { renderWindow } from '../../testing/render-window.tsx';
import { TurnLimitField } from './turn-limit-field.tsx';

async function renderField(settings: Partial<Settings> = {}) {
  const { emit, services } = renderWindow(<TurnLimitField />);
  act(() => emit('onSettings', { ...DEFAULT_SETTINGS, ...settings }));
  return { current: () => services.settings.getState().settings };
}

describe('the length limit', () => {
  test('is off, and can be chosen in minutes', async () => {
    const { current } = await renderField();
    const field = screen.getByLabelText('Length limit');
    expect(field).toHaveProperty('value', '0');
    await act(async () => void fireEvent.change(field, { target: { value: '15' } }));
    expect(current().turn_limit_minutes).toBe(15);
    expect(screen.getByText(/warned 30\s*s before/)).toBeTruthy();
  });

  test('a limit from a settings file is shown', async () => {
    await renderField({ turn_limit_minutes: 7 });
    expect(screen.getByLabelText('Length limit')).toHaveProperty('value', '7');
  });
});
