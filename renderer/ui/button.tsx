import type { ButtonHTMLAttributes, Ref } from 'react';
import './button.css';
import { Tooltip } from './tooltip.tsx';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `quiet` has no frame until the pointer is over it. */
  kind?: 'plain' | 'primary' | 'quiet';
  ref?: Ref<HTMLButtonElement> | undefined;
}

export function Button({ kind = 'plain', className = '', ...rest }: ButtonProps) {
  return <button type="button" className={`button button-${kind} ${className}`} {...rest} />;
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'title'> {
  /** What the button does: its accessible name and tooltip. */
  label: string;
  /** A longer tooltip, which screen readers read as the description. */
  hint?: string | undefined;
  /** The keys of its shortcut as the platform writes them. */
  keys?: string | undefined;
  ref?: Ref<HTMLButtonElement> | undefined;
}

/** A square button with an icon instead of a label. While disabled it keeps its focus and its tooltip. */
export function IconButton({ label, hint, keys, disabled = false, className = '', onClick, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={hint ?? label} keys={keys}>
      <button
        type="button"
        className={`icon-button ${className}`}
        aria-label={label}
        aria-description={hint}
        {...rest}
        aria-disabled={disabled || undefined}
        onClick={disabled ? undefined : onClick}
      />
    </Tooltip>
  );
}
