import type { TokenUse } from '../api';
import { t } from '../strings';
import { When } from '../ui/time';

/** “2 hours ago by n8n from 192.0.2.7”. */
export function LastUse({ token }: { token: TokenUse }) {
  if (!token.last_used_at) return <span class="hint">{t.tokens.neverUsed}</span>;
  return (
    <>
      <When iso={token.last_used_at} />{' '}
      <span class="used-by">
        {t.tokens.usedBy(token.last_used_client ?? t.unknownClient)}
        {token.last_used_ip && ` ${t.fromAddress(token.last_used_ip)}`}
      </span>
    </>
  );
}
