// Streamlit's own words in French, visible or heard, as soon as it writes them; and the few names and roles that it
// lacks. It writes a text or an attribute again only where what it says changes, which is then seen again here.

const HEARD = ["aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription"];
// What a page, a table or a reader says is theirs: "Open" may be the name of a project.
const SAID_BY_OTHERS = "[data-testid=stMarkdownContainer], [data-testid=stCode], [role=grid], [role=option], svg, style, script, textarea";
const SAID_BY_STREAMLIT = "[data-testid=stTopNavSection], [data-testid=stFileUploaderDropzone], [role=listbox]";
const LONGEST = 300;
const LACKING = [
  [".st-key-card", { "aria-live": "polite" }],
  ["header:not(.stAppHeader)", { role: "presentation" }], // of a calendar, which is no banner
  ["section[data-testid=stFileUploaderDropzone][role=presentation]", { role: "group" }],
];

function inFrench(text) {
  const said = text.trim();
  if (!said || said.length > LONGEST) return text;
  let french = WORDS.get(said);
  if (french === undefined) {
    const found = PATTERNS.find(([pattern]) => pattern.test(said));
    if (!found) return text;
    french = said.replace(...found);
  }
  return text.replace(said, () => french);
}

function translateText(node) {
  const french = inFrench(node.data);
  if (french === node.data) return;
  const parent = node.parentElement;
  if (!parent || (parent.closest(SAID_BY_OTHERS) && !parent.closest(SAID_BY_STREAMLIT))) return;
  node.data = french;
}

function translateHeard(element) {
  for (const name of HEARD) {
    const said = element.getAttribute(name);
    if (!said) continue;
    const french = inFrench(said);
    if (french !== said) element.setAttribute(name, french);
  }
}

function complete(element) {
  for (const [selector, attributes] of LACKING) {
    if (!element.matches(selector)) continue;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  }
}

function translateAll(root) {
  if (root.nodeType === Node.TEXT_NODE) return translateText(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      translateText(node);
    } else {
      translateHeard(node);
      complete(node);
    }
  }
}

new MutationObserver((changes) => {
  for (const { type, target, addedNodes } of changes) {
    if (type === "childList") addedNodes.forEach(translateAll);
    else if (type === "characterData") translateText(target);
    else translateHeard(target);
  }
}).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributeFilter: HEARD });
