/** M18: the script of the deposit page, run against wallets as they are and as attackers make them. */
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DEPOSIT_SCRIPT } from '../../../worker/services/vaults/deposit-script.ts';

const PLACE = {
  network: '860833102',
  vault: `0x${'d'.repeat(40)}`,
  account: 'gas_01k4j8x1e0e4r9v2m3n5p6q7rs',
  minimum: '0.5',
};
const FROM = `0x${'a'.repeat(40)}`;

type Listener = (event: object) => unknown;

class Element {
  value = '';
  disabled = true;
  textContent = '';
  readonly dataset = PLACE;
  submit: Listener = () => undefined;
  addEventListener(_name: string, listener: Listener): void {
    this.submit = listener;
  }
}

interface Wallet {
  readonly network?: unknown;
  readonly getAccounts?: () => unknown;
}

/** The page as a browser loads it, with a wallet that answers, or none. */
function openPage(wallet: Wallet | null = {}) {
  const elements = { deposit: new Element(), amount: new Element(), pay: new Element() };
  const told = new Element();
  const invoked: unknown[][] = [];
  const asked: string[] = [];
  let ready: Listener = () => undefined;
  const provider = {
    name: 'Test',
    network: Number(PLACE.network),
    getAccounts: () => [{ hash: `0x${'b'.repeat(40)}` }, { hash: FROM, isDefault: true }],
    invoke: async (...args: unknown[]) => {
      invoked.push(args);
      return `0x${'1'.repeat(64)}`;
    },
    ...wallet,
  };
  let later: () => void = () => undefined;
  runInNewContext(DEPOSIT_SCRIPT, {
    document: { getElementById: (id: string) => Reflect.get({ ...elements, told }, id) },
    addEventListener: (_name: string, listener: Listener) => (ready = listener),
    dispatchEvent: ({ type }: { readonly type: string }) => asked.push(type),
    CustomEvent: class {
      readonly type: string;
      constructor(type: string) {
        this.type = type;
      }
    },
    setTimeout: (act: () => void) => (later = act),
  });
  if (wallet !== null) ready({ detail: { provider } });
  const { deposit, amount, pay } = elements;
  const send = async (text: string): Promise<string> => {
    amount.value = text;
    deposit.submit({ preventDefault: () => undefined });
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    return told.textContent;
  };
  return { send, invoked, asked, button: pay, told, wait: () => later() };
}

describe('M18: the deposit page', () => {
  it('has the wallet invoke the transfer with the id of the gas account as data', async () => {
    const { send, invoked, asked } = openPage();
    expect(asked).toEqual(['Neo.DapiProvider.request']);
    expect(await send(' 1.00000001 ')).toContain('Sent: 0x1111');
    expect(JSON.parse(JSON.stringify(invoked))).toEqual([
      [
        [
          {
            hash: '0xd2a4cff31913016155e38e474a2c06d08be276cf',
            operation: 'transfer',
            args: [
              { type: 'Hash160', value: FROM },
              { type: 'Hash160', value: PLACE.vault },
              { type: 'Integer', value: '100000001' },
              { type: 'String', value: PLACE.account },
            ],
          },
        ],
        [{ account: FROM, scopes: 'CalledByEntry' }],
      ],
    ]);
  });

  it('takes the least that the vault takes, and a datoshi less not', async () => {
    const { send, invoked } = openPage();
    expect(await send('0.49999999')).toContain('0.5 GAS or more');
    expect(invoked).toHaveLength(0);
    expect(await send('0.5')).toContain('Sent');
  });

  it.each(['', '1e3', '-1', '+1', '1.000000001', '0x1', '1,5', '.5', '1.', '999999999', '1 2'])(
    'sends nothing for %j',
    async (text) => {
      const { send, invoked } = openPage();
      expect(await send(text)).toContain('no amount of GAS');
      expect(invoked).toHaveLength(0);
    },
  );

  it.each<[string, Wallet, string]>([
    ['on another network', { network: 894_710_606 }, 'another network'],
    ['that shows no account', { getAccounts: () => [] }, 'no account'],
    [
      'whose owner refuses',
      {
        getAccounts: () => {
          throw new Error('refused');
        },
      },
      'did not send it: refused',
    ],
  ])('sends nothing by a wallet %s, and can be tried again', async (_what, wallet, words) => {
    const { send, invoked, button } = openPage(wallet);
    expect(await send('1')).toContain(words);
    expect(invoked).toHaveLength(0);
    expect(button.disabled).toBe(false);
  });

  it('says so where no wallet answers, and lets nobody press', () => {
    const { button, told, wait } = openPage(null);
    wait();
    expect(told.textContent).toContain('No wallet has answered');
    expect(button.disabled).toBe(true);
  });
});
