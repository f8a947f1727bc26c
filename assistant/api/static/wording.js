/** The page's own words: dates, grades, confidence, and an answer with its sources as text. */

const RELIABILITY = {
  A: 'completely reliable source',
  B: 'usually reliable source',
  C: 'fairly reliable source',
  D: 'not usually reliable source',
  E: 'unreliable source',
  F: 'reliability of the source cannot be judged',
};

const CREDIBILITY = {
  1: 'confirmed',
  2: 'probably true',
  3: 'possibly true',
  4: 'doubtful',
  5: 'improbable',
  6: 'truth cannot be judged',
};

/**
 * A count with its noun.
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

/**
 * How sure an answer is, in words and as a number.
 * @param {number} confidence
 */
export function confidence(confidence) {
  const levels = /** @type {const} */ ([
    [0.9, 'very likely'],
    [0.75, 'likely'],
    [0.5, 'more likely than not'],
  ]);
  const found = levels.find(([least]) => confidence >= least);
  return `${found ? found[1] : 'unlikely'} (${percent(confidence)})`;
}

/** Never a round 0 or 100: nothing is that sure. */
function percent(share) {
  if (share >= 0.995) return 'over 99 %';
  return share < 0.005 ? 'under 1 %' : `${Math.round(100 * share)} %`;
}

/**
 * The grade of a source and its information, short (B2) and in words; null where it has none.
 * @param {{reliability: string | null, credibility: number | null}} source
 */
export function grade({ reliability, credibility }) {
  if (!reliability && !credibility) return null;
  const told = [reliability && RELIABILITY[reliability], credibility && CREDIBILITY[credibility]];
  return { short: `${reliability ?? '–'}${credibility ?? ''}`, long: told.filter(Boolean).join(', ') };
}

/**
 * Where in a document something stands.
 * @param {{heading: string, page: number | null}} place
 */
export function place({ heading, page }) {
  return [page === null || page === undefined ? '' : `page ${page}`, heading].filter(Boolean).join(', ');
}

/**
 * A moment, in the reader's own way of writing it.
 * @param {string} iso
 */
export function moment(iso) {
  const then = new Date(iso);
  const today = then.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(undefined, today ? { timeStyle: 'short' } : { dateStyle: 'medium' }).format(then);
}

/**
 * An answer with its sources as plain text.
 * @param {any} answer
 */
export function asText(answer) {
  const sources = answer.citations.map((citation) => {
    const told = [citation.published, place(citation), citation.source, grade(citation)?.short].filter(Boolean);
    return `[${citation.number}] ${citation.title} (${told.join('; ')})\n    “${citation.quote}”\n    ${location.origin}${citation.link}`;
  });
  const closest = answer.closest.map(
    (passage) =>
      `- ${passage.title} (${[passage.published, place(passage)].filter(Boolean).join('; ')})\n    “${passage.text}”`,
  );
  const parts = [answer.question.asked, answer.text];
  if (sources.length) parts.push(`Sources\n${sources.join('\n')}`);
  if (closest.length) parts.push(`Closest passages\n${closest.join('\n')}`);
  return parts.join('\n\n');
}
