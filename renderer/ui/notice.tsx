import { Button } from './button.tsx';
import { Icon } from './icons.tsx';
import './notice.css';
import { text } from '../text/text.ts';

/** An error with a button that tries again. Screen readers announce it at once. */
export function Failure({ sentence, onRetry }: { sentence: string; onRetry: () => void }) {
  return (
    <div className="notice notice-danger" role="alert">
      <p>{sentence}</p>
      <Button onClick={onRetry}>{text.common.tryAgain}</Button>
    </div>
  );
}

/** A warning that needs no action. */
export function Warning({ sentence, ...rest }: { sentence: string; 'data-testid': string; 'data-tone'?: string }) {
  return (
    <p className="notice notice-warn" {...rest}>
      <Icon name="alert" size={16} /> <span>{sentence}</span>
    </p>
  );
}
