// Headings in order: Streamlit's sizes say their look (a title is an h1, a subtitle an h3). Each is told to be one level
// under the last larger one.

const HEADINGS = "h1, h2, h3, h4, h5, h6";
let headingsAreLate = false;

function orderHeadings() {
  headingsAreLate = false;
  const above = [];
  for (const heading of document.querySelectorAll(`.stMain :is(${HEADINGS})`)) {
    const size = Number(heading.tagName[1]);
    while (above.at(-1) >= size) above.pop();
    above.push(size);
    if (above.length === size) heading.removeAttribute("aria-level");
    else if (heading.ariaLevel !== String(above.length)) heading.ariaLevel = String(above.length);
  }
}

new MutationObserver((changes) => {
  const isHeading = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches(HEADINGS) || node.querySelector(HEADINGS));
  if (headingsAreLate || !changes.some(({ addedNodes }) => [...addedNodes].some(isHeading))) return;
  headingsAreLate = true;
  requestAnimationFrame(orderHeadings);
}).observe(document.documentElement, { subtree: true, childList: true });
