/** Adding documents: by button or by drag and drop, one request a file, followed until each is done. */

import { json, Problem } from './api.js';
import { announce, append, el, icon } from './dom.js';
import { shown } from './text.js';

const FIRST_LOOK = 250;
const LONGEST_WAIT = 2000;

const STATES = {
  waiting: 'Waiting',
  sending: 'Sending',
  queued: 'Queued',
  reading: 'Reading',
  embedding: 'Indexing',
  done: 'Done',
  failed: 'Failed',
};

/**
 * The area that files are dropped on, with what became of them below it.
 * @param {string} collection
 * @param {() => Promise<void>} changed is called when a file has become a document
 * @returns {HTMLElement}
 */
export function uploadArea(collection, changed) {
  const list = el('ul', { class: 'uploads', 'aria-label': 'Uploads' });
  const details = detailFields();
  const input = /** @type {HTMLInputElement} */ (
    el('input', { type: 'file', id: 'files', multiple: true, class: 'sr-only' })
  );
  const zone = el(
    'div',
    { class: 'drop' },
    input,
    el(
      'label',
      { for: 'files', class: 'drop-label' },
      icon('add'),
      el('span', {}, el('strong', {}, 'Add documents'), ' or drop them here'),
    ),
  );
  const add = (/** @type {FileList | File[]} */ files) =>
    takeIn([...files], { collection, ...said(details) }, list, changed);
  input.addEventListener('change', () => {
    add(input.files ?? []);
    input.value = '';
  });
  for (const name of ['dragenter', 'dragover']) zone.addEventListener(name, (event) => hover(event, zone, true));
  zone.addEventListener('dragleave', (event) => hover(event, zone, false));
  zone.addEventListener('drop', (event) => {
    hover(event, zone, false);
    add(/** @type {DragEvent} */ (event).dataTransfer?.files ?? []);
  });
  return el('section', { 'aria-label': 'Add documents' }, zone, details, list);
}

/** Details that a file does not hold itself; they hold for all files that are added next. */
function detailFields() {
  const letters = ['', 'A', 'B', 'C', 'D', 'E', 'F'];
  const numbers = ['', '1', '2', '3', '4', '5', '6'];
  return el(
    'details',
    { class: 'more-about' },
    el('summary', {}, 'Details of the files added next'),
    el(
      'div',
      { class: 'fields' },
      field('published', 'Published', el('input', { type: 'date', name: 'published', id: 'field-published' })),
      field('reliability', 'Reliability of the source', select('reliability', letters)),
      field('credibility', 'Credibility of the information', select('credibility', numbers)),
    ),
  );
}

function field(name, label, input) {
  return el('div', { class: 'field' }, el('label', { for: `field-${name}` }, label), input);
}

function select(name, values) {
  const options = values.map((value) => el('option', { value }, value || 'not graded'));
  return el('select', { name, id: `field-${name}` }, ...options);
}

function said(details) {
  const fields = /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ ([
    ...details.querySelectorAll('input, select'),
  ]);
  return Object.fromEntries(fields.filter((one) => one.value).map((one) => [one.name, one.value]));
}

function hover(event, zone, over) {
  event.preventDefault();
  zone.classList.toggle('over', over);
}

async function takeIn(files, fields, list, changed) {
  const rows = files.map((file) => new Upload(file, fields));
  list.prepend(...rows.map((row) => row.element));
  for (const row of rows) if (await row.run()) await changed();
  const failed = rows.filter((row) => row.state === 'failed').length;
  if (rows.length) announce(failed ? `${failed} of ${rows.length} files failed.` : 'All files were added.');
}

/** One file on its way. */
class Upload {
  constructor(file, fields) {
    this.file = file;
    this.fields = fields;
    this.state = 'waiting';
    this.label = el('span', { class: 'upload-state' });
    this.progress = el('progress', { 'aria-label': shown(`Progress of ${file.name}`) });
    this.problem = el('p', { class: 'upload-problem', hidden: true });
    this.element = el(
      'li',
      { class: 'upload' },
      el('bdi', { class: 'upload-name', dir: 'auto' }, shown(file.name)),
      this.label,
      this.progress,
      this.problem,
    );
    this.show({ state: 'waiting', done: 0, total: 0, problem: null });
  }

  /** Send the file and follow it to its end; true where it became a document. */
  async run() {
    try {
      this.show({ state: 'sending', done: 0, total: 0, problem: null });
      const body = new FormData();
      for (const [name, value] of Object.entries(this.fields)) body.append(name, value);
      body.append('files', this.file);
      const { jobs } = await json('/documents', { method: 'POST', body });
      await this.follow(jobs[0]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.show({ state: 'failed', done: 0, total: 0, problem: error.detail });
    }
    return this.state === 'done';
  }

  async follow(job) {
    let wait = FIRST_LOOK;
    this.show(job);
    while (job.state !== 'done' && job.state !== 'failed') {
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(LONGEST_WAIT, wait * 1.3);
      job = await json(`/jobs/${encodeURIComponent(job.id)}`);
      this.show(job);
    }
  }

  show({ state, done, total, problem }) {
    this.state = state;
    this.element.dataset.state = state;
    this.label.textContent = state === 'embedding' && total ? `${STATES[state]}: ${done} of ${total}` : STATES[state];
    this.progress.hidden = state === 'done' || state === 'failed';
    if (total && done) {
      this.progress.setAttribute('max', String(total));
      this.progress.setAttribute('value', String(done));
    } else this.progress.removeAttribute('value');
    this.problem.hidden = !problem;
    this.problem.replaceChildren();
    append(this.problem, problem && shown(problem));
  }
}
