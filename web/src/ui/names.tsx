/* Names that strangers chose, inside our sentences. A name may run from right to left, and must not
 * take our own words along. The marks U+2068 and U+2069 keep it apart where there is only text, as
 * in the title of a tab; on the page an element does. */

const MARKS = /[\u2066-\u2069]/g;
const ISOLATED = /\u2068([^\u2069]*)\u2069/;

/** The name, kept apart from what it will stand between. */
export const isolated = (name: string) => `\u2068${name.replace(MARKS, '')}\u2069`;

/** A sentence with such names in it. */
export function Sentence({ text }: { text: string }) {
  // Every second part is a name: split() also gives what the group has caught.
  return <>{text.split(ISOLATED).map((part, i) => (i % 2 ? <bdi key={i}>{part}</bdi> : part))}</>;
}
