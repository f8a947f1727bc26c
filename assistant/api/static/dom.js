/** Making and finding elements. Text always goes in as text: there is no way to give HTML here. */

const SVG = 'http://www.w3.org/2000/svg';

/** Outlines of the icons, drawn on 20 by 20. */
const ICONS = {
  close: 'M5 5l10 10M15 5L5 15',
  menu: 'M3 5.5h14M3 10h14M3 14.5h14',
  open: 'M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7',
  rename: 'M4 16l1-4 8-8 3 3-8 8-4 1zM11.5 5.5l3 3',
  remove: 'M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6M8.5 9v4.5M11.5 9v4.5',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  check: 'M4 10.5l4 4 8-9',
  up: 'M7 9v7M7 9l3-6c1.5 0 2 1 1.7 2.3L11.2 8H16l-1.2 8H7M4 9v7',
  down: 'M13 11V4M13 11l-3 6c-1.5 0-2-1-1.7-2.3l.5-2.7H4l1.2-8H13M16 11V4',
  add: 'M10 4v12M4 10h12',
};

/**
 * Find an element that the page always has.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function find(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element ${id}`);
  return found;
}

/**
 * Make an element. Properties named on... are listeners, the others attributes; false, null and undefined are left out.
 * @param {string} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(made, ...children);
  return made;
}

/**
 * Append what is there of some children.
 * @param {Element} parent
 * @param {...(Node | string | null | undefined | false)} children
 */
export function append(parent, ...children) {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false && child !== '') parent.append(child);
  }
}

/**
 * An icon; it says nothing to a screen reader, so its button needs a label.
 * @param {keyof ICONS} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * A button that shows only an icon.
 * @param {keyof ICONS} name
 * @param {string} label
 * @param {(event: Event) => void} onclick
 * @returns {HTMLElement}
 */
export function iconButton(name, label, onclick) {
  return el('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick }, icon(name));
}

/**
 * Say something to screen readers without showing it.
 * @param {string} message
 */
export function announce(message) {
  find('announcer').textContent = message;
}
