/* What a form asks about a person, wherever one is made or changed. */

import { timeZones } from '../lib/time';
import { t } from '../strings';
import type { Wired } from './fields';
import { PasswordField, SelectField, TextField } from './form';

export const PASSWORD_MIN = 10;

export function NameFields({
  field,
}: {
  field: (name: 'first_name' | 'last_name') => Wired;
}) {
  return (
    <div class="pair">
      <TextField
        label={t.person.firstName}
        autocomplete="given-name"
        {...field('first_name')}
      />
      <TextField
        label={t.person.lastName}
        autocomplete="family-name"
        {...field('last_name')}
      />
    </div>
  );
}

export function TimeZoneField({ field }: { field: (name: 'timezone') => Wired }) {
  const wired = field('timezone');
  return (
    <SelectField
      label={t.person.timezone}
      options={timeZones(wired.value).map((zone) => [zone, zone])}
      {...wired}
    />
  );
}

/** A password to be, with what is asked of it. */
export function NewPasswordField({ label, ...wired }: Wired & { label: string }) {
  return (
    <PasswordField
      label={label}
      hint={t.person.passwordHint(PASSWORD_MIN)}
      autocomplete="new-password"
      {...wired}
    />
  );
}
