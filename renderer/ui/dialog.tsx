import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';
import './dialog.css';
import { text } from '../text/text.ts';
import { Icon } from './icons.tsx';
import { TooltipPlace } from './tooltip.tsx';

interface DialogProps {
  title: string;
  open: boolean;
  /** Called when the dialog is closed by its button, Escape or a click outside. */
  onClose: () => void;
  className?: string;
  children: ReactNode;
}

/**
 * A modal <dialog>. The browser keeps the focus inside it and returns it on close. At first it is on the element with
 * `data-first-focus`, otherwise on the close button.
 */
export function Dialog({ title, open, onClose, className = '', children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (open && dialog.current?.open === false) {
      dialog.current.showModal();
      dialog.current.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    }
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);
  return (
    <dialog ref={dialog} className={`dialog ${className}`} aria-labelledby={titleId} closedby="any" onClose={onClose}>
      <TooltipPlace value={dialog}>
        <header className="dialog-header">
          <h2 id={titleId}>{title}</h2>
          <IconButton label={text.common.close} onClick={onClose}>
            <Icon name="close" />
          </IconButton>
        </header>
        {open && children}
      </TooltipPlace>
    </dialog>
  );
}
