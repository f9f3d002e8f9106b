/**
 * * How many columns of a terminal a text takes, and cutting to a width, by grapheme clusters (UAX
 * #29). East Asian wide characters (UAX #11) and emoji take two. Ambiguous ones count as one, as
 * terminals outside of CJK locales show them.
 */
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u;

const widthOfCluster = (cluster: string): number => {
  if (/^\p{Mark}+$/u.test(cluster)) return 0;
  return WIDE.test(cluster) ? 2 : 1;
};

/** Most text is ASCII, where clusters are characters. */
const isPlain = (text: string): boolean => /^[\u0020-\u007e]*$/.test(text);

export function textWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += widthOfCluster(segment);
  return width;
}

export function fitText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let fitted = '';
  let width = 1;
  for (const { segment } of segmenter.segment(text)) {
    width += widthOfCluster(segment);
    if (width > columns) break;
    fitted += segment;
  }
  return `${fitted}…`;
}

export const padText = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - textWidth(text)));
