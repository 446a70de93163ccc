/** An attack by a script that was injected into the page, and the policy violation that it must cause. */
interface PageAttack {
  title: string;
  /** The directive and the blocked URI of the violation. `<url>` is the foreign address, `<origin>` its origin. */
  violation: string;
  /** Runs in the page. @param url a foreign address that ends in a slash */
  attempt(url: string): unknown;
}

declare global {
  interface Window {
    /**
     * Adds an element to the page. The spec defines it in the page, because `attempt` can use nothing from this file.
     */
    add(tag: string, properties: Record<string, string>): void;
    /** Set by code that the policy should have blocked. */
    injectedCodeRan: true | undefined;
  }
}

/**
 * Attacks that evaluate text. They run in a timer, because the policy does not apply to code that Playwright runs
 * directly, with `Runtime.evaluate` of the DevTools protocol.
 */
const EVALUATED: PageAttack[] = [
  {
    title: 'eval',
    violation: 'script-src eval',
    // biome-ignore lint/security/noGlobalEval: the test expects it to be blocked.
    attempt: () => setTimeout(() => globalThis.eval('window.intruder = true')),
  },
  {
    title: 'new Function',
    violation: 'script-src eval',
    attempt: () => setTimeout(() => new Function('window.intruder = true')()),
  },
  {
    title: 'a timer with a string',
    violation: 'script-src eval',
    attempt: () => setTimeout(() => setTimeout('window.intruder = true')),
  },
  {
    title: 'WebAssembly',
    violation: 'script-src wasm-eval',
    attempt: () => setTimeout(() => new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))),
  },
];

const SCRIPTS: PageAttack[] = [
  {
    title: 'an inline script',
    violation: 'script-src-elem inline',
    attempt: () => window.add('script', { text: 'window.intruder = true' }),
  },
  {
    title: 'an inline handler',
    violation: 'script-src-attr inline',
    attempt: () => {
      const button = document.createElement('button');
      button.setAttribute('onclick', 'window.intruder = true');
      button.click();
    },
  },
  {
    title: 'a javascript: URL',
    violation: 'script-src-elem inline',
    attempt: () => {
      location.href = 'javascript:void (window.intruder = true)';
    },
  },
  {
    title: 'a remote script',
    violation: 'script-src-elem <url>',
    attempt: (url) => window.add('script', { src: url }),
  },
  {
    title: 'a script from a data: URL',
    violation: 'script-src-elem data',
    attempt: () => window.add('script', { src: 'data:text/javascript,window.intruder = true' }),
  },
  {
    title: 'a remote module',
    violation: 'script-src-elem <url>',
    attempt: (url) => void import(url).catch(() => undefined),
  },
  {
    title: 'a worker from a blob',
    violation: 'worker-src blob',
    attempt: () => new Worker(URL.createObjectURL(new Blob(['0']))),
  },
];

const CONNECTIONS: PageAttack[] = [
  {
    title: 'a fetch from another origin',
    violation: 'connect-src <url>',
    attempt: (url) => void fetch(url, { mode: 'no-cors' }).catch(() => undefined),
  },
  { title: 'a beacon', violation: 'connect-src <url>', attempt: (url) => navigator.sendBeacon(url, 'text') },
  { title: 'an EventSource to another origin', violation: 'connect-src <url>', attempt: (url) => new EventSource(url) },
  {
    title: 'a WebSocket to another origin',
    violation: 'connect-src <url>',
    attempt: (url) => new WebSocket(url.replace('http', 'ws')),
  },
];

const CONTENT: PageAttack[] = [
  {
    title: 'a remote image',
    violation: 'img-src <url>',
    attempt: (url) => {
      new Image().src = url;
    },
  },
  { title: 'a remote audio file', violation: 'media-src <url>', attempt: (url) => new Audio(url) },
  {
    title: 'a remote font',
    violation: 'font-src <url>',
    attempt: (url) => void new FontFace('a', `url(${url})`).load().catch(() => undefined),
  },
  {
    title: 'a remote style sheet',
    violation: 'style-src-elem <url>',
    attempt: (url) => window.add('link', { rel: 'stylesheet', href: url }),
  },
  {
    title: 'a style element',
    violation: 'style-src-elem inline',
    attempt: () => window.add('style', { textContent: 'body { top: 0 }' }),
  },
  {
    title: 'a style attribute',
    violation: 'style-src-attr inline',
    attempt: () => document.body.setAttribute('style', 'top: 0'),
  },
  { title: 'an object', violation: 'object-src <origin>', attempt: (url) => window.add('object', { data: url }) },
];

const FRAMES_AND_FORMS: PageAttack[] = [
  {
    title: 'a foreign page in a frame',
    violation: 'frame-src <origin>',
    attempt: (url) => window.add('iframe', { src: url }),
  },
  {
    title: 'a script in a srcdoc frame',
    violation: 'script-src-elem inline',
    attempt: () => window.add('iframe', { srcdoc: '<script>parent.intruder = true</script>' }),
  },
  {
    title: 'a form',
    violation: 'form-action <url>',
    attempt: (url) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: url });
      document.body.append(form);
      form.submit();
    },
  },
  { title: 'a base element', violation: 'base-uri <url>', attempt: (url) => window.add('base', { href: url }) },
];

export const PAGE_ATTACKS: readonly PageAttack[] = [
  ...EVALUATED,
  ...SCRIPTS,
  ...CONNECTIONS,
  ...CONTENT,
  ...FRAMES_AND_FORMS,
];
