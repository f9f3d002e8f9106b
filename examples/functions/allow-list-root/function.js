// The Merkle root of an allow list and one member's proof, for a contract that keeps 32 bytes and
// not the list. Hashing follows RFC 6962, section 2.1: leaves and nodes have prefixes, so that no
// node passes for a leaf. The runtime has no crypto, so SHA-256 (FIPS 180-4) stands here in plain
// JavaScript; it is meant for public lists, not for secrets. The default fuel takes 400 members.
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
const PRIMES = [];
for (let candidate = 2; PRIMES.length < 64; candidate += 1) {
  if (PRIMES.every((prime) => candidate % prime !== 0)) PRIMES.push(candidate);
}
/** FIPS 180-4, 4.2.2: the first 32 bits of the fractions of the cube roots of the first primes. */
const ROUNDS = Int32Array.from(PRIMES, (prime) => (Math.cbrt(prime) % 1) * 2 ** 32);

const rotate = (word, by) => (word >>> by) | (word << (32 - by));

/** The message schedule, kept between blocks; every place is written before it is read. */
const words = new Int32Array(64);

function fillWords(block) {
  for (let at = 0; at < 16; at += 1) words[at] = block.getInt32(at * 4);
  for (let at = 16; at < 64; at += 1) {
    const early = words[at - 15];
    const late = words[at - 2];
    const one = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const two = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words[at] = words[at - 16] + one + words[at - 7] + two;
  }
}

/** Plain variables and loops, because the fuel goes here: a block takes two million units. */
function compress(state, block) {
  fillWords(block);
  let [a, b, c, d, e, f, g, h] = state;
  for (let at = 0; at < 64; at += 1) {
    const one = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + one + ((e & f) ^ (~e & g)) + ROUNDS[at] + words[at]) | 0;
    const two = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (two + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => {
    state[at] += word;
  });
}

function sha256(bytes) {
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, bytes.length * 8);
  const state = Int32Array.from(INITIAL);
  for (let at = 0; at < padded.length; at += 64) {
    compress(state, new DataView(padded.buffer, at, 64));
  }
  const hash = new DataView(new ArrayBuffer(32));
  state.forEach((word, at) => hash.setInt32(at * 4, word));
  return new Uint8Array(hash.buffer);
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const leafOf = (text) => sha256([0, ...Array.from(text, (letter) => letter.charCodeAt(0))]);
const nodeOf = (left, right) => sha256([1, ...left, ...right]);

/** The largest power of two below the count goes left, as the RFC splits a list. */
function splitOf(count) {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function rootOf(leaves) {
  if (leaves.length === 1) return leaves[0];
  const split = splitOf(leaves.length);
  return nodeOf(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** The hashes beside the way from a leaf to the root, lowest first (RFC 6962, section 2.1.1). */
function proofOf(leaves, index) {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...proofOf(left, index), { side: 'right', hash: hex(rootOf(right)) }]
    : [...proofOf(right, index - split), { side: 'left', hash: hex(rootOf(left)) }];
}

export default ({ addresses, prove }) => {
  const wrong = addresses.find((address) => !/^[1-9A-HJ-NP-Za-km-z]{34}$/.test(address));
  if (wrong !== undefined) throw new Error(`"${wrong}" is no address`);
  // Sorted and without repetition: one set of addresses has one root.
  const members = [...new Set(addresses)].sort();
  if (members.length === 0) throw new Error('the list is empty');
  const leaves = members.map(leafOf);
  const index = members.indexOf(prove);
  const proof = index === -1 ? null : proofOf(leaves, index);
  return { root: hex(rootOf(leaves)), count: members.length, proof };
};
