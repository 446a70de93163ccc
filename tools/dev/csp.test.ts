import { expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../main/guard/csp.ts';
import { relaxForVite } from './csp.ts';

test("adds what Vite needs to the page's policy, and nothing else", () => {
  const strict = contentSecurityPolicy([40_123]).split('; ');
  const relaxed = relaxForVite(strict.join('; '), 50_001).split('; ');
  const changed = relaxed.filter((directive) => !strict.includes(directive));
  expect(changed).toEqual([
    "script-src 'self' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    'connect-src ws://127.0.0.1:40123 ws://127.0.0.1:50001',
    "worker-src 'self' blob:",
  ]);
  expect(relaxed).toHaveLength(strict.length);
});
