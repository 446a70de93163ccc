import { expect, test } from 'vitest';
import { contentSecurityPolicy, securityHeaders } from './csp.ts';

test('H36 the policy permits exactly the given ports and no other source', () => {
  expect(contentSecurityPolicy([40_123, 40_124])).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; " +
      'connect-src ws://127.0.0.1:40123 ws://127.0.0.1:40124; ' +
      "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  );
});

test('H36 without ports the page cannot connect anywhere', () => {
  expect(contentSecurityPolicy([])).toContain("; connect-src 'none'; ");
});

test('H36 the policy permits no eval, inline script or wildcard', () => {
  expect(contentSecurityPolicy([1])).not.toMatch(/unsafe-|\*|https?:/);
});

test('H36 the policy permits no frames, foreign workers, forms or base, and no embedding of the page', () => {
  const policy = new Map(
    contentSecurityPolicy([1])
      .split('; ')
      .map((directive): [string, string] => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources.join(' ')];
      }),
  );
  // Directives that are not listed fall back to default-src: frames, manifests, prefetches.
  expect(policy.get('default-src')).toBe("'none'");
  for (const name of ['frame-src', 'child-src', 'manifest-src', 'script-src-elem', 'script-src-attr']) {
    expect(policy.has(name)).toBe(false);
  }
  for (const name of ['base-uri', 'form-action', 'frame-ancestors', 'object-src'])
    expect(policy.get(name)).toBe("'none'");
  for (const name of ['script-src', 'worker-src']) expect(policy.get(name)).toBe("'self'");
});

test('every response denies sniffing, referrers, foreign openers and all devices except the microphone', () => {
  const headers = securityHeaders('the policy');
  expect(headers['Cross-Origin-Resource-Policy']).toBe('same-origin');
  expect(headers['Content-Security-Policy']).toBe('the policy');
  expect(headers['X-Content-Type-Options']).toBe('nosniff');
  expect(headers['Referrer-Policy']).toBe('no-referrer');
  expect(headers['Cross-Origin-Opener-Policy']).toBe('same-origin');
  const features = headers['Permissions-Policy']?.split(', ') ?? [];
  expect(features[0]).toBe('microphone=(self)');
  expect(features).toContain('camera=()');
  expect(features.slice(1).every((feature) => feature.endsWith('=()'))).toBe(true);
});
