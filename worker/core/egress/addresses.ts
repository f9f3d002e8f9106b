/**
 * Which addresses belong to the public internet. The rule is an allow-list: an address is public
 * only when the registries of RFC 6890 (as ipaddr.js keeps them) give it no special purpose;
 * everything unknown is refused. Used on literals in URLs everywhere and, in the door of `npm
 * start`, on every address a name resolves to.
 */
import ipaddr from 'ipaddr.js';

/** Global unicast space in use, 2000::/3 (RFC 4291 §2.4 and the IANA registry). */
const GLOBAL_UNICAST_FIRST = 0x2000;
const GLOBAL_UNICAST_LAST = 0x3fff;

/**
 * IPv6 outside 2000::/3 is never public. That closes the spellings that smuggle an IPv4 address to
 * a translator on our side: mapped `::ffff:0:0/96`, compatible `::/96`, NAT64 `64:ff9b::/96` and
 * `64:ff9b:1::/48`; 6to4 `2002::/16` and Teredo `2001::/32` lie inside and are named by the table.
 * `fd00:ec2::254` (cloud metadata) is unique-local.
 */
export function isPublicAddress(text: string): boolean {
  // A zone id (fe80::1%eth0) names an interface of this machine; no public address carries one.
  if (text.includes('%') || !ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) {
    // parse() also reads octal and short forms; a resolver's answer and a canonical URL never hold
    // them.
    return ipaddr.IPv4.isValidFourPartDecimal(text) && address.range() === 'unicast';
  }
  const [first = 0] = address.parts;
  const global = first >= GLOBAL_UNICAST_FIRST && first <= GLOBAL_UNICAST_LAST;
  return global && address.range() === 'unicast';
}

/**
 * Whether a URL's host name, as the URL parser wrote it, is an address and not a name; brackets are
 * taken off.
 */
export function literalAddress(hostname: string): string | undefined {
  if (hostname.startsWith('[') && hostname.endsWith(']')) return hostname.slice(1, -1);
  return ipaddr.IPv4.isValidFourPartDecimal(hostname) ? hostname : undefined;
}
