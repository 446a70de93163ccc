import { expect, it } from 'vitest';
import { contentSecurityPolicy } from '../main/csp.ts';
import { relaxForVite } from './dev-csp.ts';

it("loosens the page's policy where Vite needs it, and nowhere else", () => {
  const strict = contentSecurityPolicy([40_123]).split('; ');
  const relaxed = relaxForVite(strict.join('; ')).split('; ');
  const changed = relaxed.filter((directive) => !strict.includes(directive));
  expect(changed).toEqual([
    "script-src 'self' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "worker-src 'self' blob:",
  ]);
  expect(relaxed).toHaveLength(strict.length);
});
