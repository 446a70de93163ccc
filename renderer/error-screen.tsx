import { EarshotError } from '../shared/errors.ts';
import './app.css';
import './ui/base.css';
import { Button } from './ui/button.tsx';
import { Icon } from './ui/icons.tsx';
import './ui/tokens.css';
import { text } from './text/text.ts';

interface ErrorScreenProps {
  /** Why the window could not start. Its message is shown if it says more than that the host does not answer. */
  error: unknown;
  onRetry: () => void;
}

interface ErrorText {
  title: string;
  sentence: string;
  /** Whether a retry may help. */
  retry: boolean;
}

/** Shown when the window cannot connect to its host: what happened and what to do. */
export function ErrorScreen({ error, onRetry }: ErrorScreenProps) {
  const { title, sentence, retry } = errorText(error);
  return (
    <main className="unreachable" data-testid="unreachable">
      <Icon name="mark" size={44} />
      <h1>{title}</h1>
      <p>{sentence}</p>
      {retry && <Button onClick={onRetry}>{text.common.tryAgain}</Button>}
    </main>
  );
}

function errorText(error: unknown): ErrorText {
  const title = text.errorScreen.unreachable;
  if (error instanceof EarshotError) {
    const sentence = error.message;
    if (error.code === 'bridge_full') return { title: text.errorScreen.full, sentence, retry: true };
    if (error.code === 'bridge_restarted') return { title: text.errorScreen.restarted, sentence, retry: false };
    if (error.code === 'bridge_unproven') return { title: text.errorScreen.unproven, sentence, retry: true };
    if (error.code === 'bridge_cookies') return { title: text.errorScreen.tooManyCookies, sentence, retry: true };
    if (error.code === 'page_controlled') return { title: text.errorScreen.controlled, sentence, retry: true };
    if (error.code === 'page_elsewhere') return { title, sentence, retry: false };
    if (error.code === 'bridge_no_token') return { title, sentence, retry: true };
  }
  return { title, sentence: text.errorScreen.startAgain, retry: true };
}
