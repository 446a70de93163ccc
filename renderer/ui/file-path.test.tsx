// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FilePath, pathPieces } from './file-path.tsx';

afterEach(cleanup);

test.each([
  ['/home/me/.local/share', ['/', 'home/', 'me/', '.local/', 'share']],
  ['C:\\Users\\Me\\Earshot', ['C:\\', 'Users\\', 'Me\\', 'Earshot']],
  ['\\\\server\\share\\', ['\\\\', 'server\\', 'share\\']],
  ['recordings', ['recordings']],
  ['', []],
])('the lines of %j may end after its separators', (path, pieces) => {
  expect(pathPieces(path)).toEqual(pieces);
});

test('a path is shown and copied without a change', () => {
  const path = '/home/me/My recordings 🎤/Ä';
  const { container } = render(<FilePath path={path} />);
  expect(container.textContent).toBe(path);
  expect(container.querySelectorAll('wbr')).toHaveLength(5);
});
