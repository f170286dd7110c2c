/* A list that people write one line at a time: addresses of one kind or another. */

import { Field } from './form';

export const linesOf = (text: string) => text.split(/\s+/).filter(Boolean);

export function LinesField({
  label,
  hint,
  error,
  value,
  onInput,
}: {
  label: string;
  hint?: string;
  error?: string;
  value: string;
  onInput: (value: string) => void;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <textarea
          {...wiring}
          rows={2}
          spellcheck={false}
          autocapitalize="off"
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
