/* What tables say about a token, whoever it belongs to. */

import type { Token, TokenUse } from '../api';
import { useHere } from '../context';
import { onDate } from '../lib/time';
import { t } from '../strings';
import { Badge } from '../ui/feedback';
import { When } from '../ui/time';
import { scopeInWords } from './scopes';

/** Soon enough to do something about it. */
const SOON_MS = 14 * 86_400_000;

export const createdColumn = {
  title: t.tokens.created,
  cell: ({ created_at }: { created_at: string }) => (
    <When iso={created_at} words={onDate(created_at)} />
  ),
};

export const expiryColumn = {
  title: t.tokens.expires,
  cell: ({ expires_at }: Pick<Token, 'expires_at'>) => <Expiry at={expires_at} />,
};

export const lastUseColumn = {
  title: t.tokens.lastUsed,
  cell: (token: TokenUse) => <LastUse token={token} />,
};

function Expiry({ at }: { at: string | null }) {
  if (!at) return <>{t.tokens.untilRevoked}</>;
  const left = new Date(at).getTime() - Date.now();
  if (left < 0) return <Badge tone="danger">{t.tokens.expired}</Badge>;
  return (
    <>
      <When iso={at} words={onDate(at)} />{' '}
      {left < SOON_MS && (
        <Badge tone="warning">
          <When iso={at} />
        </Badge>
      )}
    </>
  );
}

/** “2 hours ago by n8n from 192.0.2.7”. */
export function LastUse({ token }: { token: TokenUse }) {
  if (!token.last_used_at) return <LastUsed at={null} />;
  return (
    <>
      <LastUsed at={token.last_used_at} />{' '}
      <span class="used-by">
        {t.tokens.usedBy(token.last_used_client ?? t.unknownClient)}
        {token.last_used_ip && ` ${t.fromAddress(token.last_used_ip)}`}
      </span>
    </>
  );
}

/** When alone, of what has no address. */
export const LastUsed = ({ at }: { at: string | null }) =>
  at ? <When iso={at} /> : <span class="hint">{t.tokens.neverUsed}</span>;

/** Scopes as the API calls them. */
export function Scopes({ scopes }: { scopes: string[] }) {
  return (
    <span class="scopes">
      {scopes.map((scope) => (
        <Badge key={scope}>{scope === '*' ? t.scopes.full : scope}</Badge>
      ))}
    </span>
  );
}

/** Scopes as people say it. */
export function ScopeWords({ scopes }: { scopes: string[] }) {
  return (
    <ul class="scope-words">
      {scopes.map((scope) => (
        <li key={scope}>{scopeInWords(scope)}</li>
      ))}
    </ul>
  );
}

/** Where else a token does not work. */
export function Limits({ token }: { token: Token }) {
  const organization = useOrganizationName(token.organization_id);
  return (
    <>
      {organization && <span class="hint">{t.tokens.onlyIn(organization)}</span>}
      {token.addresses && token.addresses.length > 0 && (
        <span class="hint">{t.tokens.onlyFrom(token.addresses.join(', '))}</span>
      )}
    </>
  );
}

export function useOrganizationName(id: string | null): string | null {
  const { organizations } = useHere();
  if (!id) return null;
  return organizations.find((one) => one.id === id)?.name ?? t.tokens.anotherOrganization;
}
