// Renders the metadata of a token: name, attributes and an SVG image inside the URI, all from the
// token's id, so the same id gives the same picture for ever. Names come from strangers: they are
// escaped before they enter the image.
const SIZE = 8;

const escapeXml = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** FNV-1a, for looks alone. */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193) >>> 0;
  return hash;
}

/** A symmetric picture: the left half is mirrored. */
function cellsOf(hash) {
  const cells = [];
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE / 2; x += 1) {
      if ((hash >>> (y * 4 + x)) & 1) cells.push([x, y], [SIZE - 1 - x, y]);
    }
  }
  return cells;
}

function imageOf(title, hash) {
  const colour = `hsl(${hash % 360} 70% 45%)`;
  const path = cellsOf(hash)
    .map(([x, y]) => `M${x} ${y}h1v1h-1z`)
    .join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}">` +
    `<title>${escapeXml(title)}</title><path fill="${colour}" d="${path}"/></svg>`
  );
}

const RARITIES = [
  ['legendary', 2],
  ['rare', 15],
  ['common', 100],
];

export default ({ collection, tokenId, owner }) => {
  if (!/^[0-9a-f]{2,128}$/.test(tokenId)) throw new Error('the token id is not hex');
  const hash = hashOf(tokenId);
  // Cut between characters: half of one cannot stand in a URI.
  const title = Array.from(String(collection).toWellFormed()).slice(0, 64).join('');
  const name = `${title} #${parseInt(tokenId.slice(-6), 16)}`;
  const [rarity] = RARITIES.find(([, below]) => hash % 100 < below);
  return {
    name,
    tokenId,
    image: `data:image/svg+xml,${encodeURIComponent(imageOf(name, hash))}`,
    attributes: [
      { trait_type: 'rarity', value: rarity },
      { trait_type: 'owner', value: owner ?? 'unclaimed' },
    ],
  };
};
