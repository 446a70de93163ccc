import '../setup-zod.ts';
import '../app.css';
import '../ui/base.css';
import '../ui/tokens.css';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { enter } from './enter.ts';

// The page of the printed link. It is blank for the moment that it is there, unless something is in the way.

const [title, sentence] = ['h1', 'p'].map((name) => document.querySelector(name));
if (!title || !sentence) throw new EarshotError('no_root', 'entrance.html has no place for words.');
try {
  await enter({
    location,
    fetch: (input, init) => fetch(input, init),
    setCookie(cookie) {
      // The cookie store has no older Chromium and no Firefox.
      // biome-ignore lint/suspicious/noDocumentCookie: see above.
      document.cookie = cookie;
    },
  });
} catch (error) {
  const isOther = error instanceof EarshotError && error.code === 'entrance_unproven';
  title.textContent = isOther ? 'Another program answers in Earshot’s place' : 'Earshot’s host can’t be reached';
  sentence.textContent = error instanceof EarshotError ? error.message : describeError(error);
}
