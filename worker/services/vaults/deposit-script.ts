/**
 * The script of the deposit page: finds a wallet by the events of NEP-21 and lets it invoke the
 * transfer with the id of the gas account as data. It asks no host anything; the wallet shows its
 * owner what is signed.
 */
export const DEPOSIT_SCRIPT = `'use strict';
const GAS = '0xd2a4cff31913016155e38e474a2c06d08be276cf';
const form = document.getElementById('deposit');
const amount = document.getElementById('amount');
const button = document.getElementById('pay');
const told = document.getElementById('told');
const { network, vault, account, minimum } = form.dataset;
let wallet = null;

const tell = (text) => {
  told.textContent = text;
};

/** Datoshi, exactly; null for what is no amount. */
function toDatoshi(text) {
  const match = /^([0-9]{1,8})(?:[.]([0-9]{1,8}))?$/.exec(text.trim());
  if (match === null) return null;
  return BigInt(match[1]) * 100000000n + BigInt((match[2] ?? '').padEnd(8, '0'));
}

addEventListener('Neo.DapiProvider.ready', ({ detail }) => {
  const found = detail?.provider ?? detail;
  if (wallet !== null || typeof found?.invoke !== 'function') return;
  wallet = found;
  button.disabled = false;
  tell('Ready: ' + String(wallet.name ?? 'a wallet') + '.');
});

async function pay() {
  const datoshi = toDatoshi(amount.value);
  if (datoshi === null) return tell('This is no amount of GAS with at most 8 decimals.');
  if (datoshi < toDatoshi(minimum)) return tell('The vault takes ' + minimum + ' GAS or more.');
  const accounts = await wallet.getAccounts();
  const from = (accounts.find((one) => one.isDefault) ?? accounts[0])?.hash;
  if (from === undefined) return tell('The wallet shows no account.');
  if (Number(wallet.network) !== Number(network))
    return tell('The wallet is on another network. Choose the one of magic ' + network + '.');
  const transfer = {
    hash: GAS,
    operation: 'transfer',
    args: [
      { type: 'Hash160', value: from },
      { type: 'Hash160', value: vault },
      { type: 'Integer', value: String(datoshi) },
      { type: 'String', value: account },
    ],
  };
  const hash = await wallet.invoke([transfer], [{ account: from, scopes: 'CalledByEntry' }]);
  tell('Sent: ' + String(hash) + '. It is credited when enough nodes agree about its block.');
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  button.disabled = true;
  pay()
    .catch((error) => tell('The wallet did not send it: ' + String(error?.message ?? error)))
    .finally(() => {
      button.disabled = false;
    });
});

dispatchEvent(new CustomEvent('Neo.DapiProvider.request', { detail: { version: '1.0' } }));
setTimeout(() => {
  if (wallet === null) tell('No wallet has answered. Send it as described below.');
}, 3000);
`;
