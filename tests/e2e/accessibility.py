"""What a page says, to the eyes and to a screen reader, and what axe-core finds wrong in it."""

import re

from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ENGLISH = frozenset(
    "the of and for with to from are was were been this that these those your you our it its no yes by at not "
    "file files upload uploads drop drag browse search open close closed clear choose select selected help show hide hidden "
    "more less view loading running stopping connecting please wait error failed retry result results found again apply "
    "entry value values column columns row rows ascending descending autosize pin unpin fullscreen download increment "
    "decrement sidebar app press enter submit dismiss cancel remove delete add copy copied link heading toolbar item button "
    "undo redo next previous month year calendar today progress status alert icon streamlit folium st_folium component "
    "settings theme light dark system rerun print average count days hours ago allowed smaller larger must only one first "
    "last up down left right empty none".split()
)
"""Words of English, of Streamlit's above all, that are not French too."""
NAMES = re.compile(r"open data|https?://\S+|[\w.-]+\.(?:csv|xlsx|json|py|toml)\b", re.IGNORECASE)
"""Names and addresses that hold such a word."""

READ = """() => {
  const said = new Set();
  const read = (root, frame) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        const parent = node.parentElement;
        const isIcon = parent?.closest("[data-testid=stIconMaterial][aria-hidden=true]");
        if (parent && !isIcon && !parent.closest("script, style, noscript, code, pre")) said.add(node.data.trim());
        continue;
      }
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      for (const name of ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt"]) {
        if (node.hasAttribute(name)) said.add(node.getAttribute(name));
      }
      if (node.shadowRoot) read(node.shadowRoot);
      if (node.tagName === "IFRAME" && node.contentDocument?.body) read(node.contentDocument.body);
    }
  };
  read(document.body);
  said.add(document.title);
  return [...said].filter(Boolean);
}"""


def texts_of(page):
    """Return every text of a page, shown or heard, once: those of shadow roots and of the frames of maps too."""
    return set(page.evaluate(READ))


def english_in(texts):
    """Return the texts that hold an English word, with these words."""
    found = {}
    for text in texts:
        words = set(re.findall(r"[^\W\d]+", NAMES.sub(" ", text).casefold())) & ENGLISH
        if words:
            found[text[:120]] = sorted(words)
    return found


def faults_of(page, rules=RULES):
    """Return what axe-core finds, its frames included: rule, element, and its beginning."""
    for frame in page.frames:
        frame.evaluate(AXE_SCRIPT)
    answer = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", rules)
    return [
        (rule["id"], " ".join(str(part) for part in node["target"]), node["html"][:160])
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
