import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';
import './dialog.css';
import { Icon } from './icons.tsx';

interface DialogProps {
  title: string;
  open: boolean;
  /** Called however it was closed: its button, Escape, a press beside it. */
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog on the platform's own <dialog>, which keeps the focus inside and gives it back. */
export function Dialog({ title, open, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal();
    if (!open && dialog.current?.open) dialog.current.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} closedby="any" onClose={onClose}>
      <header className="dialog-header">
        <h2 id={titleId}>{title}</h2>
        <IconButton label="Close" onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </header>
      {open && children}
    </dialog>
  );
}
