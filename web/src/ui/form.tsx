/* Fields with their label, hint and error, and the form that holds them. */

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api';
import { t } from '../strings';
import { Button } from './controls';
import { Problem } from './feedback';
import { Icon } from './icons';

/** A refusal may be about a part of a field, such as one of a list: `scopes.0`. */
const isAbout = (name: string, field: string) => name === field || name.startsWith(`${field}.`);

/** The server's words about one field. */
export const fieldError = (error: ApiError | undefined, field: string) =>
  Object.entries(error?.errors ?? {}).find(([name]) => isAbout(name, field))?.[1][0];

/** A refusal of our own, said beside a field. */
export const fault = (name: string, message: string) =>
  new ApiError({ status: 422, message, errors: { [name]: [message] } });

/** Sends something whose refusal with this code is about one field, though the server does not name
 * it: it is then said beside that field. */
export async function blaming<T>(name: string, code: string, sent: Promise<T>): Promise<T> {
  try {
    return await sent;
  } catch (reason) {
    if (!(reason instanceof ApiError) || reason.code !== code) throw reason;
    throw fault(name, reason.message);
  }
}

interface FieldProps {
  label: string;
  hint?: string;
  error?: string;
}

export function Field({
  label,
  hint,
  error,
  children,
}: FieldProps & {
  children: (wiring: {
    id: string;
    'aria-describedby'?: string;
    'aria-invalid'?: boolean;
  }) => ComponentChildren;
}) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-describedby': describedBy || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          <Icon name="alert" />
          {error}
        </p>
      )}
    </div>
  );
}

interface Input {
  value: string;
  onInput: (value: string) => void;
  name?: string;
  autocomplete?: JSX.IntrinsicElements['input']['autocomplete'];
  maxLength?: number;
  inputMode?: 'numeric';
  autocapitalize?: 'characters' | 'off';
  spellcheck?: boolean;
}

export function TextField({
  label,
  hint,
  error,
  value,
  onInput,
  type = 'text',
  ...rest
}: FieldProps & Input & { type?: 'text' | 'email' }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <input
          {...rest}
          {...wiring}
          {...(type === 'email' ? { type } : { type })}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function PasswordField({ label, hint, error, value, onInput, ...rest }: FieldProps & Input) {
  const [visible, setVisible] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <div class="with-button">
          <input
            spellcheck={false}
            autocapitalize="off"
            {...rest}
            {...wiring}
            {...(visible ? { type: 'text' } : { type: 'password' })}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
          <button
            type="button"
            class="in-field"
            aria-label={visible ? t.hidePassword : t.showPassword}
            onClick={() => setVisible(!visible)}
          >
            {visible ? t.hide : t.show}
          </button>
        </div>
      )}
    </Field>
  );
}

export function SelectField<T extends string>({
  label,
  hint,
  error,
  value,
  onInput,
  options,
}: FieldProps & {
  value: T;
  onInput: (value: T) => void;
  options: readonly (readonly [T, string])[];
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <select
          {...wiring}
          value={value}
          onChange={(event) => onInput(event.currentTarget.value as T)}
        >
          {options.map(([option, words]) => (
            <option key={option} value={option}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({
  label,
  hint,
  checked,
  onInput,
  disabled,
}: {
  label: ComponentChildren;
  hint?: string;
  checked: boolean;
  onInput: (checked: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint && `${id}-hint`}
        onChange={(event) => onInput(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && (
          <span class="hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}

/** A form sends once, by button, Enter or Ctrl-Enter, and shows what was refused: field by field
 * where it can, on top otherwise, with the first wrong field in focus. */
export function Form({
  children,
  onSubmit,
  error,
  known = [],
}: {
  children: ComponentChildren;
  onSubmit: () => void;
  error: ApiError | undefined;
  /** The fields that show their own errors. */
  known?: string[];
}) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!error) return;
    const target = form.current?.querySelector<HTMLElement>('[aria-invalid], .problem');
    target?.focus();
  }, [error]);

  const elsewhere =
    error && (!Object.keys(error.errors).length || unplaced(error, known).length > 0);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.ctrlKey) form.current?.requestSubmit();
      }}
    >
      {elsewhere && <Problem error={error} details={unplaced(error, known)} />}
      {children}
    </form>
  );
}

const unplaced = (error: ApiError, known: string[]) =>
  Object.entries(error.errors)
    .filter(([name]) => !known.some((field) => isAbout(name, field)))
    .flatMap(([, messages]) => messages);

/** Under a form in a window: what sends it, and the way out. */
export function FormButtons({
  action,
  busy,
  isDangerous,
  onCancel,
}: {
  action: string;
  busy: boolean;
  isDangerous?: boolean;
  onCancel: () => void;
}) {
  return (
    <div class="actions">
      <Button kind={isDangerous ? 'danger' : 'primary'} type="submit" busy={busy}>
        {action}
      </Button>
      <Button onClick={onCancel}>{t.cancel}</Button>
    </div>
  );
}
