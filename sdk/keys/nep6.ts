/**
 * NEP-6: wallet files. The types are the JSON, key for key, so a wallet is written by
 * `JSON.stringify`. Read is what neo-go, neo-cli, neon-js and NeoLine write; an account whose script
 * belongs to another address is refused, since its key would be asked to pay for somebody else's.
 * `extra` is passed on unread; other fields that NEP-6 does not know are dropped.
 */
import { base64 } from '@scure/base';
import { parseAddress } from '../../worker/core/neo/address.ts';
import { type JsonReader, type Parsed, parseWhole } from '../../worker/core/neo/json-reader.ts';
import { type PrivateKey, publicKeyOf } from '../../worker/core/neo/private-key.ts';
import { scriptHashOf } from '../../worker/core/neo/script-hash.ts';
import { LIMITS as TRANSACTION_LIMITS } from '../../worker/core/neo/transaction/limits.ts';
import { encodeSignatureScript } from '../../worker/core/neo/verification-script.ts';
import { LIMITS } from './limits.ts';
import { addressOf, encryptKey, type Nep2Refusal } from './nep2.ts';
import { faultOfScrypt, NEP2_SCRYPT, type ScryptParameters } from './scrypt.ts';

export interface Wallet {
  readonly name: string | null;
  readonly version: '1.0';
  /** Of every key in the file. */
  readonly scrypt: ScryptParameters;
  readonly accounts: readonly WalletAccount[];
  readonly extra: unknown;
}

export interface WalletAccount {
  readonly address: string;
  readonly label: string | null;
  readonly isDefault: boolean;
  readonly lock: boolean;
  /** NEP-2; null where the key is elsewhere. */
  readonly key: string | null;
  /** Null for an account that is only watched. */
  readonly contract: WalletContract | null;
  readonly extra: unknown;
}

export interface WalletContract {
  /** Base64 of the verification script. */
  readonly script: string;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly deployed: boolean;
}

const SCRYPT_MAX = 2 ** 31;
const NEP2_CHARACTERS = 58;
const SCRIPT_BYTES_MAX = TRANSACTION_LIMITS.witnessScriptBytesMax.value;
const PARAMETERS_MAX = TRANSACTION_LIMITS.witnessScriptBytesMax.value;
const LABEL_MAX = LIMITS.labelCharactersMax.value;

/** From the value of a JSON text. Keys are not decrypted: that is `decryptKey` with its `scrypt`. */
export const parseWallet = (json: unknown): Parsed<Wallet> => parseWhole(json, readWallet);

export interface AccountForm {
  readonly privateKey: PrivateKey;
  readonly passphrase: string;
  readonly label?: string;
  readonly isDefault?: boolean;
  readonly scrypt?: ScryptParameters;
}

/** An account of one key, with the key encrypted for the file it goes into. */
export async function makeAccount(
  form: AccountForm,
): Promise<
  | { readonly ok: true; readonly account: WalletAccount }
  | { readonly ok: false; readonly refusal: Nep2Refusal }
> {
  const { privateKey, label = null, isDefault = false } = form;
  const outcome = await encryptKey(form);
  if (!outcome.ok) return outcome;
  const script = base64.encode(encodeSignatureScript(publicKeyOf(privateKey)));
  const parameters = [{ name: 'signature', type: 'Signature' }];
  const account: WalletAccount = {
    address: addressOf(privateKey),
    label,
    isDefault,
    lock: false,
    key: outcome.encrypted,
    contract: { script, parameters, deployed: false },
    extra: null,
  };
  return { ok: true, account };
}

export const makeWallet = (
  accounts: readonly WalletAccount[],
  scrypt: ScryptParameters = NEP2_SCRYPT,
): Wallet => ({ name: null, version: '1.0', scrypt, accounts, extra: null });

function readWallet(reader: JsonReader): Wallet {
  const wallet: Wallet = {
    name: readLabel(reader.optional('name')),
    version: reader.field('version').choice(['1.0'] as const),
    scrypt: readScrypt(reader.field('scrypt')),
    accounts: reader.field('accounts').list(LIMITS.walletAccountsMax.value, readAccount),
    extra: reader.optional('extra')?.raw ?? null,
  };
  const addresses = wallet.accounts.map(({ address }) => address);
  if (new Set(addresses).size < addresses.length) reader.refuse('an account twice');
  return wallet;
}

function readScrypt(reader: JsonReader): ScryptParameters {
  const [n, r, p] = ['n', 'r', 'p'].map((name) => reader.field(name).integer(1, SCRYPT_MAX));
  const scrypt = { n: n ?? 0, r: r ?? 0, p: p ?? 0 };
  const fault = faultOfScrypt(scrypt);
  return fault === null ? scrypt : reader.refuse(fault);
}

function readAccount(reader: JsonReader): WalletAccount {
  const address = reader.field('address');
  const hash = address.parsed(parseAddress, 'an address of Neo N3');
  const key = present(reader.optional('key'));
  const contract = present(reader.optional('contract'));
  const account: WalletAccount = {
    address: address.text(LABEL_MAX),
    label: readLabel(reader.optional('label')),
    isDefault: present(reader.optional('isDefault'))?.boolean() ?? false,
    lock: present(reader.optional('lock'))?.boolean() ?? false,
    key: key === null ? null : key.text(NEP2_CHARACTERS),
    contract: contract === null ? null : readContract(contract),
    extra: reader.optional('extra')?.raw ?? null,
  };
  const script = account.contract?.deployed === false ? account.contract.script : '';
  if (script !== '' && scriptHashOf(base64.decode(script)) !== hash)
    contract?.refuse('the script of another address');
  return account;
}

function readContract(reader: JsonReader): WalletContract {
  const script = present(reader.optional('script'))?.bytes(SCRIPT_BYTES_MAX) ?? new Uint8Array();
  const parameters = present(reader.optional('parameters'));
  return {
    script: base64.encode(script),
    parameters: parameters === null ? [] : parameters.list(PARAMETERS_MAX, readParameter),
    deployed: present(reader.optional('deployed'))?.boolean() ?? false,
  };
}

const readParameter = (reader: JsonReader) => ({
  name: reader.field('name').text(LABEL_MAX),
  type: reader.field('type').text(LABEL_MAX),
});

const readLabel = (reader: JsonReader | null): string | null =>
  present(reader)?.text(LABEL_MAX) ?? null;

/** Wallets write what they do not have as null, or leave it out. */
const present = (reader: JsonReader | null): JsonReader | null =>
  reader === null || reader.isNull ? null : reader;
