/** One thing that a script would try which had got into the page, and what the page's policy says of it. */
interface PageAttack {
  title: string;
  /** The directive that stops it, and what it names as blocked: `there`, the foreign address, or no more than `its origin`. */
  violation: string;
  /** Runs in the page. `there` is a foreign address that ends in a slash. */
  attempt(url: string): unknown;
}

declare global {
  interface Window {
    /** Adds an element to the page. Whoever runs an attempt puts it there first: a function can't take its helpers along. */
    add(tag: string, properties: Record<string, string>): void;
    /** Set by whatever ran that should not have. */
    injectedCodeRan: true | undefined;
  }
}

/**
 * What is evaluated is so in a timer: what a debugger runs at once is exempt from the policy (`Runtime.evaluate` of the
 * DevTools protocol), and tests drive the page through one.
 */
const EVALUATED: PageAttack[] = [
  {
    title: 'eval',
    violation: 'script-src eval',
    // biome-ignore lint/security/noGlobalEval: that it does not run is what is tested.
    attempt: () => setTimeout(() => globalThis.eval('window.intruder = true')),
  },
  {
    title: 'new Function',
    violation: 'script-src eval',
    attempt: () => setTimeout(() => new Function('window.intruder = true')()),
  },
  {
    title: 'a timer of text',
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
    title: 'a javascript: address',
    violation: 'script-src-elem inline',
    attempt: () => {
      location.href = 'javascript:void (window.intruder = true)';
    },
  },
  {
    title: 'a remote script',
    violation: 'script-src-elem there',
    attempt: (url) => window.add('script', { src: url }),
  },
  {
    title: 'a script of data',
    violation: 'script-src-elem data',
    attempt: () => window.add('script', { src: 'data:text/javascript,window.intruder = true' }),
  },
  {
    title: 'a remote module',
    violation: 'script-src-elem there',
    attempt: (url) => void import(url).catch(() => undefined),
  },
  {
    title: 'a worker of a blob',
    violation: 'worker-src blob',
    attempt: () => new Worker(URL.createObjectURL(new Blob(['0']))),
  },
];

const CONNECTIONS: PageAttack[] = [
  {
    title: 'fetch from elsewhere',
    violation: 'connect-src there',
    attempt: (url) => void fetch(url, { mode: 'no-cors' }).catch(() => undefined),
  },
  { title: 'a beacon', violation: 'connect-src there', attempt: (url) => navigator.sendBeacon(url, 'words') },
  { title: 'events from elsewhere', violation: 'connect-src there', attempt: (url) => new EventSource(url) },
  {
    title: 'a WebSocket to elsewhere',
    violation: 'connect-src there',
    attempt: (url) => new WebSocket(url.replace('http', 'ws')),
  },
];

const CONTENT: PageAttack[] = [
  {
    title: 'a remote picture',
    violation: 'img-src there',
    attempt: (url) => {
      new Image().src = url;
    },
  },
  { title: 'a remote sound', violation: 'media-src there', attempt: (url) => new Audio(url) },
  {
    title: 'a remote font',
    violation: 'font-src there',
    attempt: (url) => void new FontFace('a', `url(${url})`).load().catch(() => undefined),
  },
  {
    title: 'a remote style sheet',
    violation: 'style-src-elem there',
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
  { title: 'an object', violation: 'object-src its origin', attempt: (url) => window.add('object', { data: url }) },
];

const PLACES: PageAttack[] = [
  {
    title: 'a foreign page in a frame',
    violation: 'frame-src its origin',
    attempt: (url) => window.add('iframe', { src: url }),
  },
  {
    title: 'a script in a frame without an address',
    violation: 'script-src-elem inline',
    attempt: () => window.add('iframe', { srcdoc: '<script>parent.intruder = true</script>' }),
  },
  {
    title: 'a form',
    violation: 'form-action there',
    attempt: (url) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: url });
      document.body.append(form);
      form.submit();
    },
  },
  { title: 'a base address', violation: 'base-uri there', attempt: (url) => window.add('base', { href: url }) },
];

export const PAGE_ATTACKS: readonly PageAttack[] = [...EVALUATED, ...SCRIPTS, ...CONNECTIONS, ...CONTENT, ...PLACES];
