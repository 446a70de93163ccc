import { useEffect, useState } from 'react';
import { text } from '../text/text.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icons.tsx';

/** How long (ms) the button shows the result. */
const RESULT_MS = 1_600;

interface CopyButtonProps {
  label: string;
  /** Called when pressed. It may take up to 5 s: then browsers forget that the user pressed. */
  text: () => string | Promise<string>;
  disabled?: boolean;
}

/** Copies a text, and shows the result for a moment in its icon and its label. */
export function CopyButton({ label, text: getText, disabled = false }: CopyButtonProps) {
  const [result, setResult] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), RESULT_MS);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await getText());
      setResult('copied');
    } catch {
      setResult('failed');
    }
  };

  const name = result === 'copied' ? text.common.copied : result === 'failed' ? text.common.copyFailed : label;
  return (
    <IconButton label={name} disabled={disabled} onClick={copy}>
      {result === 'copied' ? <Icon name="check" size={16} /> : <Icon name="copy" size={16} />}
    </IconButton>
  );
}
