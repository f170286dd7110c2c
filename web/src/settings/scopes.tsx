/* Choosing what somebody or something may do: everything, or a level for each area. */

import { t } from '../strings';

const AREAS = Object.keys(t.scopes.areas) as Area[];
type Area = keyof typeof t.scopes.areas;

const LEVELS = ['none', 'read', 'write'] as const;
type Level = (typeof LEVELS)[number];

const FULL = '*';
const ADMIN = 'admin';

/** Enough for most scripts, to begin the choice with. */
const FIRST_CHOICE = ['account.read', 'organization.read', 'users.read', 'tasks.write'];

export function scopeInWords(scope: string): string {
  if (scope === FULL) return t.scopes.full;
  if (scope === ADMIN) return t.scopes.admin;
  const [area, level] = scope.replace(/^mcp\./, '').split('.') as [Area, 'read' | 'write'];
  return t.scopes.areas[area]?.[level] ?? scope;
}

const levelIn = (scopes: string[], area: Area): Level =>
  LEVELS.findLast((level) => scopes.includes(`${area}.${level}`)) ?? 'none';

/** The same scopes with another level for one area, in the order of the areas. */
function withLevel(scopes: string[], changed: Area, to: Level): string[] {
  const levels = AREAS.map((area) => [area, area === changed ? to : levelIn(scopes, area)]);
  return [
    ...levels.filter(([, level]) => level !== 'none').map((parts) => parts.join('.')),
    ...scopes.filter((scope) => scope === ADMIN),
  ];
}

export function ScopeChoice({
  legend,
  full,
  limitedHint,
  value,
  onInput,
  error,
}: {
  legend: string;
  /** What it is called to be given everything, and what that means. */
  full: { words: string; hint: string };
  limitedHint: string;
  value: string[];
  onInput: (scopes: string[]) => void;
  error?: string;
}) {
  const isLimited = !value.includes(FULL);
  const option = (limited: boolean, words: string, hint: string) => (
    <label class="check">
      <input
        type="radio"
        name="limited"
        checked={isLimited === limited}
        onChange={() => onInput(limited ? FIRST_CHOICE : [FULL])}
      />
      <span>
        {words}
        <span class="hint">{hint}</span>
      </span>
    </label>
  );
  return (
    <fieldset class="field" aria-invalid={error ? true : undefined} tabIndex={-1}>
      <legend>{legend}</legend>
      {option(false, full.words, full.hint)}
      {option(true, t.scopes.limited, limitedHint)}
      {isLimited && <ScopeTable value={value} onInput={onInput} />}
      {error && <p class="field-error">{error}</p>}
    </fieldset>
  );
}

function ScopeTable({
  value,
  onInput,
}: {
  value: string[];
  onInput: (scopes: string[]) => void;
}) {
  const mayAdmin = value.includes(ADMIN);
  return (
    <table class="scope-table">
      <thead>
        <tr>
          <th scope="col">
            {t.scopes.area}
            <span class="hint">{t.scopes.levelsHint}</span>
          </th>
          {LEVELS.map((level) => (
            <th key={level} scope="col">
              {t.scopes.levels[level]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {AREAS.map((area) => (
          <tr key={area}>
            <th scope="row">
              {t.scopes.areas[area].name}
              <span class="hint">{t.scopes.areas[area].what}</span>
            </th>
            {LEVELS.map((level) => (
              <td key={level}>
                <label>
                  <input
                    type="radio"
                    name={`scope-${area}`}
                    aria-label={t.scopes.levelOf(
                      t.scopes.areas[area].name,
                      t.scopes.levels[level],
                    )}
                    checked={levelIn(value, area) === level}
                    onChange={() => onInput(withLevel(value, area, level))}
                  />
                </label>
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">
            {t.scopes.admin}
            <span class="hint">{t.scopes.adminHint}</span>
          </th>
          <td colSpan={LEVELS.length}>
            <label>
              <input
                type="checkbox"
                aria-label={t.scopes.admin}
                checked={mayAdmin}
                onChange={() =>
                  onInput(
                    mayAdmin ? value.filter((one) => one !== ADMIN) : [...value, ADMIN],
                  )
                }
              />
            </label>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
