import '../setup-zod.ts';
import '../app.css';
import '../ui/base.css';
import '../ui/tokens.css';
import { describeError, EarshotError } from '../../shared/errors.ts';
import { chooseLanguage } from '../../shared/language.ts';
import { applyLanguage, text } from '../text/text.ts';
import { redirectToPage } from './redirect.ts';

// The script of the link page (shared/link-page.ts). The page is blank until the redirect, and shows an error if the
// redirect fails.

applyLanguage(chooseLanguage({ languages: navigator.languages }), document);

try {
  await redirectToPage({
    location,
    fetch: (input, init) => fetch(input, init),
    setCookie(cookie) {
      // biome-ignore lint/suspicious/noDocumentCookie: older browsers have no cookie store.
      document.cookie = cookie;
    },
  });
} catch (error) {
  const isOtherProgram = error instanceof EarshotError && error.code === 'entrance_unproven';
  const title = document.createElement('h1');
  title.textContent = isOtherProgram ? text.errorScreen.unproven : text.errorScreen.unreachable;
  const paragraph = document.createElement('p');
  paragraph.textContent = error instanceof EarshotError ? error.message : describeError(error);
  document.querySelector('main')?.append(title, paragraph);
}
