import './app.css';
import './ui/base.css';
import { Button } from './ui/button.tsx';
import { Icon } from './ui/icons.tsx';
import './ui/tokens.css';

interface UnreachableProps {
  /** Another sentence, where more is known than that nobody answers. */
  sentence?: string | undefined;
  onRetry: () => void;
}

/** All there is to show when the window has no host: what to do. */
export function Unreachable({ sentence, onRetry }: UnreachableProps) {
  return (
    <main className="unreachable" data-testid="unreachable">
      <Icon name="mark" size={44} />
      <h1>Earshot’s host can’t be reached</h1>
      <p>{sentence ?? 'Start Earshot again and open the link it prints.'}</p>
      <Button onClick={onRetry}>Try again</Button>
    </main>
  );
}
