"""What a page says, to the eyes and to a screen reader, and what axe-core finds wrong in it."""

import re
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ENGLISH = frozenset((Path(__file__).parent / "english.txt").read_text("utf-8").split())
"""Words of English, of Streamlit's above all, that are not French too."""
RAW_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
"""A cell of a table as the grid reads it out: it knows the number, not how it is written."""
MISPRINTS = {
    "a hyphen for a minus": r"(?<![\w’'.,)–-])-\s?\d",
    "a decimal point": r"(?<![\d.\w/-])(?<!Ouverte )(?<!critère )(?<!critères )(?<!WCAG )"
    r"\d+\.\d+(?![\d.\w]) ?(?:%|[^\W\d])",
    "a plural of none or one": r"(?<![\d,.\u202f\xa0 -])[01][ \xa0](?:habitants|communes|sites|structures|projets|"
    r"autres|médecins|généralistes|minutes|lignes|départements|régions|territoires|pages|fichiers|points)\b",
    "an ending left open": r"\((?:s|e|x|es)\)",
    "a value that is no word": r"\b(?:nan|None|NaT|inf)\b",
    "no elision": r"\bjusqu.à les? |\bde les? (?=[A-ZÉÈ])|\bà les? (?=[A-ZÉÈ])|\bde (?=[AEIOUÉÈÎ][a-zéè])",
    "a straight apostrophe": r"\b(?:[cdjlmnst]|qu|jusqu)'[a-zà-ÿ]",
}
"""What is not written so in French → the pattern that finds it."""
NAMES = re.compile(r"open data|https?://\S+|[\w.-]+\.(?:csv|xlsx|json|py|toml)\b", re.IGNORECASE)
"""Names and addresses that hold such a word."""

READ = """() => {
  const aria = ["label", "description", "roledescription", "valuetext"].map((name) => `aria-${name}`);
  const HEARD = [...aria, "title", "placeholder", "alt"];
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
      for (const name of HEARD) if (node.hasAttribute(name)) said.add(node.getAttribute(name));
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


def misprints_in(texts):
    """Return the texts that hold what is not written so in French, with what it is."""
    found = {}
    for text in texts:
        words = NAMES.sub(" ", text)
        faults = [name for name, pattern in MISPRINTS.items() if re.search(pattern, words)]
        if faults and not RAW_NUMBER.fullmatch(text):
            found[text[:160]] = faults
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
