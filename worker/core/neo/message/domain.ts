/**
 * The host that a sign-in is for, in the one form in which browsers show it: lower case, Punycode,
 * a port only where it is not the scheme's own. Two spellings of one host would be two domains, and
 * a look-alike in Unicode would be a third.
 */
import { LIMITS } from './limits.ts';

export function isDomain(text: string): boolean {
  if (text.length > LIMITS.domainCharsMax.value || !/^[a-z0-9.:-]+$/.test(text)) return false;
  return ['https', 'http'].some((scheme) => hostOf(`${scheme}://${text}`) === text);
}

/** Null unless the address is in its one form, without credentials, and secure or local. */
export function hostOf(uri: string): string | null {
  if (!URL.canParse(uri)) return null;
  const url = new URL(uri);
  // A bare origin is written with or without its slash; everything else has one form.
  if (url.href !== uri && url.href !== `${uri}/`) return null;
  if (url.username !== '' || url.password !== '') return null;
  const isLocal = ['localhost', '127.0.0.1'].includes(url.hostname);
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLocal);
  return isAllowed && url.host !== '' ? url.host : null;
}
