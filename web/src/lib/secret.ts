/* Links in mails carry their secret after the #, where no server, proxy or log sees it. Once read
 * it is taken out of the address bar and the history, and lives in the memory of its page. */

import { useEffect, useState } from 'preact/hooks';

function take(): string {
  const secret = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  if (secret) history.replaceState(null, '', location.pathname + location.search);
  return secret;
}

/** The secret of the link that led here; empty without one. */
export function useLinkSecret(): string {
  const [secret, setSecret] = useState(take);

  // Another link to the page that is open already changes nothing but the hash.
  useEffect(() => {
    const again = () => setSecret((old) => take() || old);
    addEventListener('hashchange', again);
    return () => removeEventListener('hashchange', again);
  }, []);
  return secret;
}
