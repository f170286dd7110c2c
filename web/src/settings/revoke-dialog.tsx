/* Ending what a token allows, with what would notice. */

import type { TokenUse } from '../api';
import { t } from '../strings';
import { ConfirmDialog } from '../ui/confirm';
import { toast } from '../ui/toast';
import { LastUse } from './token-cells';

export function RevokeDialog({
  token,
  name,
  text,
  onClose,
  revoke,
}: {
  token: TokenUse;
  name: string;
  text: string;
  onClose: () => void;
  revoke: () => Promise<void>;
}) {
  return (
    <ConfirmDialog
      title={t.named.revokeTitle(name)}
      action={t.named.revoke}
      act={async () => {
        await revoke();
        toast({ text: t.named.revoked(name) });
      }}
      onClose={onClose}
    >
      <p>{text}</p>
      <dl class="facts">
        <dt>{t.tokens.lastUsed}</dt>
        <dd>
          <LastUse token={token} />
        </dd>
      </dl>
    </ConfirmDialog>
  );
}
