import { Button } from './button.tsx';
import { Icon } from './icons.tsx';
import './notice.css';

/** What went wrong, in a sentence, and the button that tries again. Read out at once. */
export function Failure({ sentence, onRetry }: { sentence: string; onRetry: () => void }) {
  return (
    <div className="notice notice-danger" role="alert">
      <p>{sentence}</p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}

/** Something to know of while all goes on. */
export function Warning({ words, ...rest }: { words: string; 'data-testid': string; 'data-tone'?: string }) {
  return (
    <p className="notice notice-warn" {...rest}>
      <Icon name="alert" size={16} /> <span>{words}</span>
    </p>
  );
}
