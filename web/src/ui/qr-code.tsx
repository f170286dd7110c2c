/* A QR code, drawn as one path: the content policy lets no picture in from elsewhere, and dark on
 * light is what cameras expect, whatever the theme. */

import { encode } from 'uqr';

/** Light squares around the code, which it needs (ISO/IEC 18004 section 6.3.8). */
const QUIET = 4;

export function QrCode({ text, label }: { text: string; label: string }) {
  const { data } = encode(text, { ecc: 'M', border: QUIET });
  const squares = data.flatMap((row, y) =>
    row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')),
  );
  return (
    <svg
      class="qr-code"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${data.length} ${data.length}`}
      shape-rendering="crispEdges"
    >
      <path d={squares.join('')} />
    </svg>
  );
}
