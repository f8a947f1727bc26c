/** A turn of a conversation: the question, and its answer as it grows and as it stands. */

import { append, el } from './dom.js';
import { receiptParts } from './receipt.js';
import { closestCard, openCitation, sourceCard } from './sources.js';
import { quoteNodes, shown, words } from './text.js';
import { confidence, count } from './wording.js';

const CHECKS = {
  verbatim: ['verbatim', 'These are the document’s own words.'],
  supported: ['supported', 'A model wrote this sentence, and the cited words bear it out.'],
  unsupported: ['not borne out', 'A model wrote this sentence, and the cited words do not bear it out.'],
};

const VERDICTS = {
  grounded: 'Grounded',
  partial: 'Partial',
  declined: 'Not answered',
};

export class Turn {
  /**
   * @param {string} asked
   * @param {() => void} again asks the same question again
   */
  constructor(asked, again) {
    this.again = again;
    /** @type {any} */
    this.answer = null;
    /** @type {Map<number, any>} */
    this.citations = new Map();
    this.standalone = el('p', { class: 'standalone', hidden: true });
    this.status = el('p', { class: 'status', role: 'status' });
    this.note = el(
      'p',
      { class: 'notice', hidden: true },
      'The sources differ. Each says it in its own words, the newest first.',
    );
    this.standIn = el('div', { class: 'notice warn', hidden: true });
    this.statements = el('div', { class: 'statements', 'aria-live': 'polite' });
    this.verdict = el('div', { class: 'verdict' });
    this.sources = el('ol', { class: 'sources' });
    this.sourcesTitle = el('h3', { class: 'section-title', hidden: true }, 'Sources');
    this.rest = el('div', { class: 'rest' });
    this.body = el(
      'div',
      { class: 'answer', 'aria-busy': 'true' },
      this.standIn,
      this.note,
      this.statements,
      this.status,
      this.verdict,
      this.sourcesTitle,
      this.sources,
      this.rest,
    );
    this.element = el(
      'article',
      { class: 'turn' },
      el('h2', { class: 'question', dir: 'auto' }, shown(asked)),
      this.standalone,
      this.body,
    );
    this.say('Searching…');
  }

  /**
   * A turn that was kept.
   * @param {any} answer
   */
  static kept(answer) {
    const turn = new Turn(answer.question.asked, () => {});
    turn.asked(answer.question);
    answer.citations.forEach((citation) => turn.cite(citation));
    turn.note.hidden = !answer.differing;
    answer.statements.forEach((statement) => turn.state(statement, answer.differing));
    turn.complete(answer);
    return turn;
  }

  say(message) {
    this.status.textContent = message;
    this.status.hidden = !message;
  }

  /** What is searched, where it is not what was asked. */
  asked(question) {
    if (question.standalone === question.asked) return;
    this.standalone.replaceChildren('Understood as: ', words(question.standalone));
    this.standalone.hidden = false;
  }

  hits(hits) {
    this.say(hits.length ? `Reading ${count(hits.length, 'passage')}…` : 'Nothing was found.');
  }

  /** A statement with the citations that it is the first to use. */
  statement({ statement, citations }) {
    citations.forEach((citation) => this.cite(citation));
    this.state(statement, false);
  }

  cite(citation) {
    this.citations.set(citation.number, citation);
    this.sourcesTitle.hidden = false;
    this.sources.append(sourceCard(citation, () => this.answer?.id ?? null));
  }

  state(statement, dated) {
    const cited = statement.citations.map((number) => this.citations.get(number)).filter(Boolean);
    const [label, meaning] = CHECKS[statement.check];
    const verbatim = cited.length === 1 && cited[0].quote === statement.text ? cited[0] : null;
    this.statements.append(
      el(
        'p',
        { class: 'statement', 'data-check': statement.check },
        dated && this.dated(statement),
        el(
          'bdi',
          { dir: 'auto', class: 'said' },
          ...(verbatim ? quoteNodes(verbatim.quote, verbatim.start, verbatim.highlight) : [shown(statement.text)]),
        ),
        ' ',
        el(
          'span',
          { class: 'marks' },
          ...cited.map((citation) => this.marker(citation)),
          el('span', { class: 'check', title: meaning }, label),
        ),
        ...(statement.faults ?? []).map((fault) => beside('fault', fault)),
        ...(statement.notes ?? []).map((note) => beside('beside', note)),
      ),
    );
  }

  /** The date of a statement's source, where sources differ. */
  dated(statement) {
    const published = this.citations.get(statement.citations[0])?.published;
    return el('time', { class: 'dated', datetime: published }, published ?? 'undated');
  }

  marker(citation) {
    const label = shown(
      [`Source ${citation.number}: ${citation.title}`, citation.published].filter(Boolean).join(', '),
    );
    const onclick = (/** @type {Event} */ event) =>
      openCitation(citation, this.answer?.id ?? null, /** @type {HTMLElement} */ (event.currentTarget));
    return el(
      'button',
      { type: 'button', class: 'cite', 'aria-label': label, title: label, onclick },
      String(citation.number),
    );
  }

  /** The whole answer, once it stands. */
  complete(answer) {
    this.answer = answer;
    this.body.removeAttribute('aria-busy');
    this.body.dataset.verdict = answer.verdict;
    this.say('');
    if (answer.differing && this.note.hidden) {
      this.note.hidden = false;
      answer.statements.forEach((statement, index) => this.statements.children[index]?.prepend(this.dated(statement)));
    }
    this.stoodIn(answer);
    if (answer.verdict === 'declined') this.declined(answer);
    else this.verdict.replaceChildren(badge(answer.verdict), el('span', {}, `${verdictWords(answer)}`));
    append(this.rest, ...receiptParts(answer, this.sources));
  }

  /** That a language model was to do what was done without one, and why. */
  stoodIn({ verdict, trace: { fallback }, question: { set_aside: condensing } }) {
    const instead = verdict === 'declined' ? '' : ' The documents’ own sentences answer.';
    this.standIn.replaceChildren();
    append(
      this.standIn,
      condensing && el('p', {}, shown(`The question was not completed by the language model: ${condensing}`)),
      fallback &&
        el('p', {}, shown(`The language model was not available: ${fallback}.${instead}`)),
    );
    this.standIn.hidden = !fallback && !condensing;
  }

  declined(answer) {
    this.statements.replaceChildren(el('p', { class: 'declined-text' }, shown(answer.text)));
    this.verdict.replaceChildren(
      badge('declined'),
      el(
        'span',
        {},
        whyDeclined(answer),
      ),
    );
    if (!answer.closest.length) return;
    append(
      this.rest,
      el('h3', { class: 'section-title' }, 'Closest passages'),
      el('ol', { class: 'sources' }, ...answer.closest.map(closestCard)),
    );
  }

  /**
   * The turn ended without an answer; what was shown is none.
   * @param {import('./api.js').Problem} problem
   */
  failed(problem) {
    this.end();
    this.body.dataset.verdict = 'failed';
    append(
      this.rest,
      el(
        'div',
        { class: 'notice bad', role: 'alert' },
        el('strong', {}, problem.title),
        el('p', {}, problem.detail),
        problem.status === 409 && el('a', { class: 'primary', href: '#/documents' }, 'Add documents'),
        el('button', { type: 'button', class: 'secondary', onclick: () => this.again() }, 'Ask again'),
      ),
    );
  }

  stopped() {
    this.end();
    this.body.dataset.verdict = 'failed';
    append(
      this.rest,
      el(
        'div',
        { class: 'notice' },
        el('p', {}, 'Stopped: there is no answer to keep.'),
        el('button', { type: 'button', class: 'secondary', onclick: () => this.again() }, 'Ask again'),
      ),
    );
  }

  end() {
    this.body.removeAttribute('aria-busy');
    this.say('');
    this.statements.replaceChildren();
    this.sources.replaceChildren();
    this.sourcesTitle.hidden = true;
  }
}

/** What is not borne out in a statement, or must be said beside it: a line of its own. */
function beside(kind, said) {
  return el('span', { class: kind, dir: 'auto' }, shown(`${said.charAt(0).toUpperCase()}${said.slice(1)}.`));
}

function badge(verdict) {
  return el('span', { class: 'badge' }, VERDICTS[verdict]);
}

function whyDeclined(answer) {
  if (answer.trace.measured !== false) return `The best passage is ${confidence(answer.confidence)} to answer it.`;
  return answer.dropped.some((/** @type {{text: string}} */ one) => one.text)
    ? 'What the language model wrote was left out: it is not borne out by what it was shown.'
    : 'The language model found no answer in what it was shown.';
}

function verdictWords(answer) {
  const sentence =
    answer.verdict === 'grounded'
      ? 'Every sentence is cited and checked.'
      : 'Something is not borne out, and marked so, or was left out.';
  // A language model says itself that its first statement answers; what is known is how well its sources bear it out.
  const of = answer.trace.measured === false ? 'to be borne out by what it cites' : 'to answer the question';
  return `${sentence} The first is ${confidence(answer.confidence)} ${of}.`;
}
