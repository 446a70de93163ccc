import { join } from 'node:path';
import { resolveConfig } from 'vite';
import { afterEach, expect, test, vi } from 'vitest';
import { ROOT } from '../test-runner/run-tool.ts';

afterEach(() => vi.unstubAllEnvs());

const configFile = join(ROOT, 'vite.config.ts');

test('a build is for production, whatever NODE_ENV of the shell says', async () => {
  vi.stubEnv('NODE_ENV', 'development');
  const { isProduction } = await resolveConfig({ configFile }, 'build', 'production');
  expect([isProduction, process.env.NODE_ENV]).toEqual([true, 'production']);
});

test('a development server is for development, whatever NODE_ENV of the shell says', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  const { isProduction } = await resolveConfig({ configFile }, 'serve');
  expect([isProduction, process.env.NODE_ENV]).toEqual([false, 'development']);
});
