/* The text fields of one form: what they hold, and what wires each of them to its input. */

import { useState } from 'preact/hooks';
import type { ApiError } from '../api';
import { fieldError } from './form';

export interface Wired {
  name: string;
  value: string;
  onInput: (value: string) => void;
  error: string | undefined;
}

export function useFields<F extends Record<keyof F, string>>(first: F) {
  const [values, setValues] = useState(first);

  /** What a field needs, given what the server last refused. */
  const wire =
    (error: ApiError | undefined) =>
    (name: keyof F & string): Wired => ({
      name,
      value: values[name],
      onInput: (value) => setValues((old) => ({ ...old, [name]: value })),
      error: fieldError(error, name),
    });
  return { values, setValues, wire };
}
