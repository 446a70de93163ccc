import '../setup-zod.ts';
import '../app.css';
import '../ui/base.css';
import '../ui/tokens.css';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { text } from '../text/en.ts';
import { enter } from './enter.ts';

// The page of the printed link. It stays blank until the redirect, and shows an error if the redirect fails.

try {
  await enter({
    location,
    fetch: (input, init) => fetch(input, init),
    setCookie(cookie) {
      // biome-ignore lint/suspicious/noDocumentCookie: older browsers have no cookie store.
      document.cookie = cookie;
    },
  });
} catch (error) {
  const isOther = error instanceof EarshotError && error.code === 'entrance_unproven';
  const title = document.createElement('h1');
  title.textContent = isOther ? text.errorScreen.unproven : text.errorScreen.unreachable;
  const sentence = document.createElement('p');
  sentence.textContent = error instanceof EarshotError ? error.message : describeError(error);
  document.querySelector('main')?.append(title, sentence);
}
