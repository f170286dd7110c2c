/* Tokens that applications hold for this person. */

import { useState } from 'preact/hooks';
import { connectedTokens, type NamedToken } from '../api';
import { t } from '../strings';
import { Button } from '../ui/controls';
import { toast } from '../ui/toast';
import { LastUse } from './last-use';
import { Expiry, RevokeDialog, Scopes } from './named-tokens';

const nameOf = (token: NamedToken) => token.client_name ?? token.name;

export function ConnectedTokens({
  tokens,
  reload,
}: {
  tokens: NamedToken[];
  reload: () => Promise<void>;
}) {
  const [revoking, setRevoking] = useState<NamedToken>();
  return (
    <section class="panel" aria-labelledby="connected">
      <h2 id="connected">{t.connected.title}</h2>
      <p>{t.connected.what}</p>
      <div class="table-frame" role="region" aria-labelledby="connected" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.connected.application}</th>
              <th scope="col">{t.tokens.scopes}</th>
              <th scope="col">{t.tokens.expires}</th>
              <th scope="col">{t.tokens.lastUsed}</th>
              <th scope="col">
                <span class="visually-hidden">{t.moreActions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <tr key={token.id}>
                <th scope="row">{nameOf(token)}</th>
                <td data-label={t.tokens.scopes}>
                  <Scopes scopes={token.scopes} />
                </td>
                <td data-label={t.tokens.expires}>
                  <Expiry at={token.expires_at} />
                </td>
                <td data-label={t.tokens.lastUsed}>
                  <LastUse token={token} />
                </td>
                <td class="row-actions">
                  <Button onClick={() => setRevoking(token)}>
                    {t.named.revoke}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {revoking && (
        <RevokeDialog
          token={revoking}
          title={t.named.revokeTitle(nameOf(revoking))}
          onClose={() => setRevoking(undefined)}
          revoke={async () => {
            await connectedTokens.revoke(revoking.id);
            toast({ text: t.named.revoked(nameOf(revoking)) });
            setRevoking(undefined);
            await reload();
          }}
        />
      )}
    </section>
  );
}
