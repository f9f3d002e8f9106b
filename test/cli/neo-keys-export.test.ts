/**
 * The key of a wallet, out of the platform and into a wallet file: sealed by the bridge's own code,
 * answered over HTTP in the shapes of the contract.
 */
import { access, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/src/generated/commands.ts';
import { createChainKey, exportChainKey } from '../../enclave-bridge/workloads/chain-keys.ts';
import { createDataKey, createVault } from '../../enclave-bridge/workloads/data-keys.ts';
import { parseWallet } from '../../sdk/keys/index.ts';
import { encodeAddress } from '../../worker/core/neo/address.ts';
import { accountOf } from '../../worker/core/neo/verification-script.ts';
import type { Result } from '../../worker/core/result.ts';
import { parseRecipientKey } from '../../worker/core/wallets/recipient-key.ts';
import { makeFolder, type RunOptions, run, serve } from './support/run-cli.ts';
import { problem, type Reply } from './support/scripted-server.ts';

const ACCOUNT = 'acc_01k4j8x1e0e4r9v2m3n5p6q7rs';
const WALLET = 'nwl_01k4j8x1e0e4r9v2m3n5p6q7rs';
const EXPORT = `neo-keys export $recipient --wallet-id ${WALLET} --out $wallet --passphrase-file $passphrase`;

interface Recipient {
  readonly recipientPublicKey: string;
  readonly recipientKeySha256: string;
}

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}

/** A wallet whose key the bridge made, and its answers to the recipients it is given. */
async function makeWallet() {
  const vault = await createVault({ current: new Uint8Array(32).fill(5) }, () => undefined);
  const { wrappedKey } = await createDataKey(vault, { accountId: ACCOUNT });
  const account = { accountId: ACCOUNT, wrappedKey };
  const wish = { walletId: WALLET, purpose: 'tenant', network: 56_753, exportable: true } as const;
  const made = valueOf(await createChainKey(vault, { ...account, ...wish }));
  const { publicKey } = made.facts;
  const address = encodeAddress(accountOf(publicKey));
  const sealFor = async ({ recipientPublicKey, recipientKeySha256 }: Recipient) => {
    const bytes = parseRecipientKey(recipientPublicKey)?.bytes ?? new Uint8Array();
    const asked = { ...account, ...made, recipientPublicKey: bytes };
    const sealed = valueOf(await exportChainKey(vault, asked));
    const [enc, ciphertext] = [base64.encode(sealed.enc), base64.encode(sealed.ciphertext)];
    return { body: { walletId: WALLET, publicKey, recipientKeySha256, enc, ciphertext } };
  };
  return { wallet: { id: WALLET, networkMagic: wish.network, publicKey, address }, sealFor };
}

/** A recipient in its file, and a platform that exports to nobody until it is told the answer. */
async function withRecipient() {
  const folder = await makeFolder();
  await writeFile(join(folder, 'passphrase'), 'correct horse\n');
  const go = (words: string, options: RunOptions = {}) =>
    run(words.replaceAll('$', `${folder}/`).split(' '), { table: COMMANDS, ...options });
  const made = await go('neo-keys recipient $recipient --json');
  expect(made.code, made.err).toBe(0);
  const recipient = JSON.parse(made.out) as Recipient;
  const { wallet, sealFor } = await makeWallet();
  const script = { answer: problem(403, 'wallets.sign_in_required'), wallet };
  const server = await serve(({ method }) =>
    method === 'GET' ? { body: script.wallet } : script.answer,
  );
  const env = { SERVICE_LAYER_ACCOUNT: ACCOUNT };
  const exportWith = (answer: Reply, words = EXPORT) => {
    script.answer = answer;
    return go(words, { addr: server.addr, env });
  };
  const secret = () => readFile(join(folder, 'recipient'), 'utf8');
  return { folder, go, made, recipient, wallet, sealFor, script, server, exportWith, secret };
}
type Place = Awaited<ReturnType<typeof withRecipient>>;

/** Nothing was lost and nothing was made: it can be asked again. */
async function expectKept({ folder, recipient }: Place): Promise<void> {
  const files = await readdir(folder);
  expect(files.sort()).toEqual(['passphrase', 'recipient']);
  const jwk = JSON.parse(await readFile(join(folder, 'recipient'), 'utf8')) as { x: string };
  expect(Buffer.from(jwk.x, 'base64url').toString('base64')).toBe(recipient.recipientPublicKey);
}

describe('neo-keys recipient', () => {
  it('makes a key that only its owner reads, and shows its public half and the hash', async () => {
    const { folder, made, recipient, secret } = await withRecipient();
    expect((await stat(join(folder, 'recipient'))).mode & 0o777).toBe(0o600);
    const { d } = JSON.parse(await secret()) as { readonly d: string };
    expect(d).toHaveLength(43);
    expect(`${made.out}${made.err}`).not.toContain(d);
    const parsed = parseRecipientKey(recipient.recipientPublicKey);
    expect(parsed?.sha256).toBe(recipient.recipientKeySha256);
  });

  it('never writes over a file, such as that of a recipient whose approvals are under way', async () => {
    const { go, secret } = await withRecipient();
    const before = await secret();
    expect((await go('neo-keys recipient $recipient')).code).toBe(2);
    expect(await secret()).toBe(before);
  });
});

describe('neo-keys export', () => {
  it('makes a wallet file that opens to the key of the wallet, and then removes the recipient', async () => {
    const place = await withRecipient();
    const { folder, go, recipient, wallet, server } = place;
    const answer = await place.sealFor(recipient);
    const done = await place.exportWith(answer, `${EXPORT} --label payouts --json`);
    expect(done.code, done.err).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ walletId: WALLET, address: wallet.address });
    expect(server.seen.at(-1)).toMatchObject({
      method: 'POST',
      path: `/accounts/${ACCOUNT}/wallets/${WALLET}/export`,
      body: { recipientPublicKey: recipient.recipientPublicKey },
      headers: { authorization: 'Bearer token-of-the-test' },
    });
    expect((await stat(join(folder, 'wallet'))).mode & 0o777).toBe(0o600);
    const text = await readFile(join(folder, 'wallet'), 'utf8');
    const accounts = [{ address: wallet.address, label: 'payouts', isDefault: true }];
    expect(parseWallet(JSON.parse(text))).toMatchObject({ ok: true, value: { accounts } });
    await expect(access(join(folder, 'recipient'))).rejects.toThrow('ENOENT');
    const opened = await go('neo-keys decrypt $wallet --passphrase-file $passphrase --json');
    const { wif, ...shown } = JSON.parse(opened.out) as { readonly wif: string };
    expect(shown).toMatchObject({ address: wallet.address, publicKey: wallet.publicKey });
    expect(`${done.out}${done.err}${text}`).not.toContain(wif);
  });

  it.each([
    ['the wallet behind the token did not just sign in', 403, 'wallets.sign_in_required', 3],
    ['the approvals name another recipient', 403, 'wallets.approvals_required', 3],
    ['the key was made to stay', 409, 'wallets.not_exportable', 5],
    ['the token is none', 401, 'request.unauthenticated', 3],
  ])('shows why and keeps the recipient when %s', async (_, status, code, exitCode) => {
    const place = await withRecipient();
    const refused = await place.exportWith(problem(status, code));
    expect(refused).toMatchObject({ code: exitCode, out: '' });
    expect(refused.err).toContain(code);
    await expectKept(place);
  });

  it('takes an answer that was lost on the way a second time, by the same idempotency key', async () => {
    const place = await withRecipient();
    await place.exportWith({ body: 'cut' });
    await expectKept(place);
    const done = await place.exportWith(await place.sealFor(place.recipient));
    expect(done.code, done.err).toBe(0);
    const asked = place.server.seen.filter(({ method }) => method === 'POST');
    const keys = asked.map(({ headers }) => headers['idempotency-key']);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  it('takes no key that was sealed to somebody else, or is not that of the wallet', async () => {
    const place = await withRecipient();
    const [own, foreign] = [await makeWallet(), await withRecipient()];
    const toAnother = await place.exportWith(await place.sealFor(foreign.recipient));
    expect(toAnother).toMatchObject({ code: 9, out: '' });
    const ofAnother = await place.exportWith(await own.sealFor(place.recipient));
    expect(ofAnother).toMatchObject({ code: 9, out: '' });
    place.script.wallet = { ...place.wallet, address: own.wallet.address };
    const elsewhere = await place.exportWith(await place.sealFor(place.recipient));
    expect(elsewhere).toMatchObject({ code: 9, out: '' });
    await expectKept(place);
  });
});

describe('what would fail here', () => {
  const refuse = async (place: Place, words: string) => {
    const refused = await place.exportWith(await place.sealFor(place.recipient), words);
    expect(refused.code, refused.err).toBe(2);
    expect(place.server.seen).toEqual([]);
    return refused;
  };

  it('is refused before the server is asked when the wallet file is there already', async () => {
    const place = await withRecipient();
    await writeFile(join(place.folder, 'wallet'), 'mine');
    const { err } = await refuse(place, EXPORT);
    expect(err).toContain('is there already');
    expect(await readFile(join(place.folder, 'wallet'), 'utf8')).toBe('mine');
    await place.secret();
  });

  it.each([
    ['the folder of the wallet file is not there', EXPORT.replace('$wallet', '$nowhere/wallet')],
    ['the wallet file would be the recipient file', EXPORT.replace('$wallet', '$recipient')],
    ['the label could not be read back', `${EXPORT} --label ${'x'.repeat(257)}`],
    ['there is no passphrase', EXPORT.replace(/ --passphrase-file .*/, '')],
    ['the wallet is not named', EXPORT.replace(/--wallet-id \S+ /, '')],
  ])('is refused before the server is asked when %s', async (_, words) => {
    const place = await withRecipient();
    await refuse(place, words);
    await expectKept(place);
  });

  it('is refused before the server is asked when the passphrase is no passphrase', async () => {
    const place = await withRecipient();
    await writeFile(join(place.folder, 'passphrase'), 'x'.repeat(1025));
    expect((await refuse(place, EXPORT)).err).toContain('passphrase is too long');
    await expectKept(place);
  });

  it('is refused for a file that is no recipient, which is not repeated', async () => {
    const place = await withRecipient();
    const jwk = JSON.parse(await place.secret()) as Record<'x' | 'd', string>;
    const file = join(place.folder, 'recipient');
    for (const wrong of [
      { ...jwk, crv: 'Ed25519' },
      { ...jwk, x: jwk.d },
      { ...jwk, d: jwk.d.slice(1) },
      jwk.d,
    ]) {
      await writeFile(file, JSON.stringify(wrong));
      const { err, out } = await refuse(place, EXPORT);
      expect(`${err}${out}`).not.toContain(jwk.d.slice(1));
    }
    expect(await readdir(place.folder)).not.toContain('wallet');
  });
});
