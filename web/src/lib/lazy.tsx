/* A part of the app that is fetched when it is first needed. */

import { Fragment, type ComponentType } from 'preact';
import { useLoad } from './load';
import { Problem, Skeleton } from '../ui/feedback';
import { ApiError } from '../api';

/** `Around` holds what is shown until the part is there. */
export function lazy<P extends object>(
  fetchPart: () => Promise<ComponentType<P>>,
  Around: ComponentType = Fragment,
) {
  return function Lazy(props: P) {
    const part = useLoad(async () => {
      // A part that cannot be fetched is a server that cannot be reached.
      const component = await fetchPart().catch(() => {
        throw new ApiError({ status: 0, message: '', errors: {} });
      });
      return { component };
    }, []);
    if (part.data) {
      const Part = part.data.component;
      return <Part {...props} />;
    }
    return (
      <Around>
        {part.error ? (
          <Problem error={part.error} retry={part.reload} />
        ) : (
          <Skeleton rows={6} />
        )}
      </Around>
    );
  };
}
