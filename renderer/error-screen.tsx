import { EarshotError } from '../shared/errors.ts';
import './app.css';
import './ui/base.css';
import { Button } from './ui/button.tsx';
import { Icon } from './ui/icons.tsx';
import './ui/tokens.css';

interface UnreachableProps {
  /** What stood in the way; its own sentence is shown where that says more than that nobody answers. */
  error: unknown;
  onRetry: () => void;
}

interface Words {
  title: string;
  sentence: string;
  /** Whether trying again may help. */
  retry: boolean;
}

/** All there is to show when the window has no host: what to do. */
export function ErrorScreen({ error, onRetry }: UnreachableProps) {
  const { title, sentence, retry } = wordsFor(error);
  return (
    <main className="unreachable" data-testid="unreachable">
      <Icon name="mark" size={44} />
      <h1>{title}</h1>
      <p>{sentence}</p>
      {retry && <Button onClick={onRetry}>Try again</Button>}
    </main>
  );
}

function wordsFor(error: unknown): Words {
  const title = 'Earshot’s host can’t be reached';
  if (error instanceof EarshotError) {
    const sentence = error.message;
    if (error.code === 'bridge_full') return { title: 'Earshot has no room for this tab', sentence, retry: true };
    if (error.code === 'bridge_restarted')
      return { title: 'This tab belongs to an earlier start', sentence, retry: false };
    if (error.code === 'bridge_unproven')
      return { title: 'Another program answers in Earshot’s place', sentence, retry: true };
    if (error.code === 'bridge_cookies') return { title: 'Too many cookies for this address', sentence, retry: true };
    if (error.code === 'page_controlled')
      return { title: 'Another program’s service worker controls this tab', sentence, retry: true };
    if (error.code === 'page_elsewhere') return { title, sentence, retry: false };
    if (error.code === 'bridge_no_token') return { title, sentence, retry: true };
  }
  return { title, sentence: 'Start Earshot again and open the link it prints.', retry: true };
}
