/* Reading something from the server into a view. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api';

export interface Loaded<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload: () => Promise<void>;
  set: (data: T) => void;
}

const asApiError = (reason: unknown) =>
  reason instanceof ApiError
    ? reason
    : new ApiError({ status: 0, message: String(reason), errors: {} });

/** Runs `read` whenever a part of `key` changes. The last answer stays visible while the next one
 * is on its way, and an answer that comes late for an earlier key is dropped. */
export function useLoad<T>(read: () => Promise<T>, key: unknown[]): Loaded<T> {
  const [state, setState] = useState<{ data?: T; error?: ApiError; loading: boolean }>({
    loading: true,
  });
  const turn = useRef(0);

  const reload = useCallback(async () => {
    const mine = ++turn.current;
    setState((old) => ({ ...old, loading: true }));
    try {
      const data = await read();
      if (mine === turn.current) setState({ data, loading: false });
    } catch (reason) {
      if (mine === turn.current)
        setState((old) => ({ ...old, error: asApiError(reason), loading: false }));
    }
  }, key);

  useEffect(() => void reload(), [reload]);

  const set = useCallback((data: T) => {
    turn.current++;
    setState({ data, loading: false });
  }, []);

  return { data: state.data, error: state.error, loading: state.loading, reload, set };
}

/** Sends a form or does one thing: `busy` while under way, `error` if it was refused. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const running = useRef(false);

  const run = async (...args: A) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await act(...args);
    } catch (reason) {
      setError(asApiError(reason));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, error, clear: () => setError(undefined) };
}
