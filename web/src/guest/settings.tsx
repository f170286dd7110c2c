/* What guests decide themselves: language, time zone, and on which days a summary is mailed. */

import { useState } from 'preact/hooks';
import { guests, type Guest, type GuestPlace } from '../api';
import { useAction } from '../lib/load';
import { ownTimeZone, timeZones } from '../lib/time';
import { Dialog } from '../ui/dialog';
import { CheckField, fieldError, Form, FormButtons, SelectField } from '../ui/form';
import { toast } from '../ui/toast';
import { t } from '../strings';
import { words } from './strings';

const DAYS = Object.keys(words.settings.dayNames);

export function GuestSettings({
  place,
  onSaved,
  onClose,
}: {
  place: GuestPlace;
  onSaved: (guest: Guest) => void;
  onClose: () => void;
}) {
  const { guest, organization } = place;
  const [locale, setLocale] = useState(guest.locale ?? '');
  const [timezone, setTimezone] = useState(guest.timezone ?? '');
  const [days, setDays] = useState(guest.cadence_days);
  const { run, busy, error } = useAction(async () => {
    onSaved(
      await guests.change({
        locale: locale || null,
        timezone: timezone || null,
        cadence_days: days,
      }),
    );
    toast({ text: words.settings.saved });
    onClose();
  });

  return (
    <Dialog title={words.settings.title} onClose={onClose}>
      <Form onSubmit={run} error={error} known={['locale', 'timezone', 'cadence_days']}>
        <SelectField
          label={words.settings.language}
          hint={words.settings.languageHint}
          value={locale}
          onInput={setLocale}
          options={languages(guest.locale)}
          error={fieldError(error, 'locale')}
        />
        <SelectField
          label={words.settings.timezone}
          hint={words.settings.timezoneHint}
          value={timezone}
          onInput={setTimezone}
          options={[
            ['', words.settings.asOrganization(organization.timezone)],
            ...timeZones(guest.timezone ?? ownTimeZone()).map((zone) => [zone, zone] as const),
          ]}
          error={fieldError(error, 'timezone')}
        />
        <fieldset class="field">
          <legend>{words.settings.days}</legend>
          <p class="hint">{words.settings.daysHint}</p>
          <CheckField
            label={words.settings.ownDays}
            checked={days !== null}
            onInput={(own) => setDays(own ? organization.guest_cadence_days : null)}
          />
          {days && (
            <div class="guest-days">
              {DAYS.map((day) => (
                <CheckField
                  key={day}
                  label={words.settings.dayNames[day]}
                  checked={days.includes(day)}
                  onInput={(on) =>
                    setDays(DAYS.filter((one) => (one === day ? on : days.includes(one))))
                  }
                />
              ))}
            </div>
          )}
        </fieldset>
        <FormButtons action={t.save} busy={busy} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

const LANGUAGES = ['de', 'en', 'es', 'fr', 'it', 'ja', 'ko', 'nl', 'pl', 'pt', 'tr', 'uk', 'zh'];

/** Each by its own name; with the one in use, whatever it is. */
function languages(current: string | null): [string, string][] {
  const known = [...new Set([...LANGUAGES, ...(current ? [current] : [])])];
  return [
    ['', words.settings.noLanguage],
    ...known.map((tag): [string, string] => [
      tag,
      new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag,
    ]),
  ];
}
