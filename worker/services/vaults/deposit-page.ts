/**
 * The deposit page: what to send where, in words, as a QR code and by a button for wallets of
 * NEP-21. The QR code is of NEP-9 and carries no data (money rule M18), which the page says before
 * anybody scans it. Nothing of the account stands here but the id of the gas account.
 */
import { encode } from 'uqr';
import { escapeHtml } from '../../http/reference-html.ts';
import type { DepositPlace } from './instructions.ts';

export const renderDepositPage = (place: DepositPlace): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Deposit GAS</title>
<link rel="stylesheet" href="/docs/reference.css">
<script src="/docs/deposit.js" defer></script>
</head>
<body>
<main id="main">
<h1>Deposit GAS</h1>
<p>To the gas account <code>${escapeHtml(place.gasAccountId)}</code> on the network
<code>${escapeHtml(place.network)}</code>. At least ${escapeHtml(place.minimumDeposit)} GAS.</p>
<h2>With a wallet in this browser</h2>
<form id="deposit" data-network="${place.networkMagic}" data-vault="${escapeHtml(place.vault)}"
 data-account="${escapeHtml(place.data)}" data-minimum="${escapeHtml(place.minimumDeposit)}">
<p><label>Amount of GAS
<input id="amount" inputmode="decimal" autocomplete="off" required
 value="${escapeHtml(place.minimumDeposit)}"></label>
<button id="pay" type="submit" disabled>Deposit</button></p>
<p id="told" role="status">Looking for a wallet that speaks NEP-21.</p>
</form>
<h2>With another wallet</h2>
<p>Send GAS to <code>${escapeHtml(place.address)}</code> and give the transfer this text as its data:</p>
<pre><code>${escapeHtml(place.data)}</code></pre>
<p>This code has the address alone. A deposit without the data is credited only when it comes from a
wallet that one account has verified as its own; any other waits until the operator has found out whose
it is.</p>
${renderQr(place.uri)}
<p><code>${escapeHtml(place.uri)}</code></p>
</main>
</body>
</html>
`;

const QUIET_MODULES = 4;

/** Dark on light whatever the colours of the page: readers want it so. */
function renderQr(text: string): string {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_MODULES });
  const path = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="240" height="240" ` +
    'role="img" aria-label="QR code of the address">' +
    `<rect width="${size}" height="${size}" fill="#fff"/>` +
    `<path fill="#000" d="${path.join('')}"/></svg>`
  );
}
