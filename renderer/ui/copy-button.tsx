import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';
import { Icon } from './icons.tsx';

/** How long (ms) the button says that it did its work. */
const SAID_MS = 1_600;

interface CopyButtonProps {
  label: string;
  /** Asked for when pressed, so that a long text is only made when it is wanted. */
  text: () => string;
  disabled?: boolean;
}

/** Copies a text and says so for a moment: by its icon to the eye, by its name to a screen reader. */
export function CopyButton({ label, text, disabled = false }: CopyButtonProps) {
  const [said, setSaid] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid('copied');
    } catch {
      setSaid('failed');
    }
  };

  const name = said === 'copied' ? 'Copied' : said === 'failed' ? 'Copying is not allowed here' : label;
  return (
    <IconButton label={name} disabled={disabled} onClick={copy}>
      {said === 'copied' ? <Icon name="check" size={16} /> : <Icon name="copy" size={16} />}
    </IconButton>
  );
}
