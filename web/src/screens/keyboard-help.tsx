import { useState } from 'preact/hooks';
import { enableShortcuts, shortcutsEnabled } from '../lib/keys';
import { t } from '../strings';
import { Dialog } from '../ui/dialog';
import { CheckField } from '../ui/form';

export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t.keys.title} onClose={onClose}>
      <dl class="keys">
        {t.keys.list.map(([keys, words]) => (
          <div key={words}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <ShortcutSwitch />
    </Dialog>
  );
}

export function ShortcutSwitch() {
  const [on, setOn] = useState(shortcutsEnabled);
  return (
    <CheckField
      label={t.keys.switch}
      hint={t.keys.switchHint}
      checked={on}
      onInput={(next) => {
        enableShortcuts(next);
        setOn(next);
      }}
    />
  );
}
