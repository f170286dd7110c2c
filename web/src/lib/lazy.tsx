/* A part of the app that is fetched when it is first needed. */

import type { ComponentType } from 'preact';
import { useLoad } from './load';
import { Problem, Skeleton } from '../ui/feedback';
import { ApiError } from '../api';

export function lazy<P extends object>(fetchPart: () => Promise<ComponentType<P>>) {
  return function Lazy(props: P) {
    const part = useLoad(async () => {
      // A part that cannot be fetched is a server that cannot be reached.
      const component = await fetchPart().catch(() => {
        throw new ApiError({ status: 0, message: '', errors: {} });
      });
      return { component };
    }, []);
    if (part.error) return <Problem error={part.error} retry={part.reload} />;
    if (!part.data) return <Skeleton rows={6} />;
    const Part = part.data.component;
    return <Part {...props} />;
  };
}
