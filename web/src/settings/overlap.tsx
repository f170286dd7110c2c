/* How long an old secret goes on working beside the new one. */

import { t } from '../strings';
import { SelectField } from '../ui/form';

/** In seconds. */
const OVERLAPS = ['0', '3600', '86400', '604800', '2592000'] as const;
export type Overlap = (typeof OVERLAPS)[number];

export function OverlapField({
  longest,
  ...props
}: {
  longest: Overlap;
  label: string;
  value: Overlap;
  onInput: (value: Overlap) => void;
  error?: string;
}) {
  const allowed = OVERLAPS.filter((one) => Number(one) <= Number(longest));
  return <SelectField {...props} options={allowed.map((one) => [one, t.named.overlaps[one]])} />;
}
