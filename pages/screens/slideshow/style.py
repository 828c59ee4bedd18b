"""How a presentation fills the screen: rules of style, and the few lines that a rule of style can't say."""

from typing import Final

STYLE: Final = """
<style>
[data-testid="stHeader"],[data-testid="stToolbar"],[data-testid="stStatusWidget"]{display:none}
.st-key-sharing_place,.st-key-foot{display:none!important}
:root .stMainBlockContainer{padding:.75rem;max-width:none}
.stMain{overflow:hidden}
[data-testid="stLayoutWrapper"]:has(>.st-key-presentation_keys){display:none}
.st-key-presentation_script{position:absolute}
.st-key-presentation_map iframe{height:calc(100vh - 1.5rem)!important;display:block}
.st-key-presentation_words{max-height:calc(100vh - 5rem);overflow:auto}
.st-key-presentation_bar{position:fixed;bottom:.75rem;right:1rem;width:auto;z-index:10}
.diapo{font-size:max(.8rem,calc(var(--size)*min(1.25vw,2vh)));line-height:1.35;padding:.25em .5em 0 0}
.diapo h1{font-size:2.1em;line-height:1.12;font-weight:700;padding:0;margin:.1em 0 .35em;letter-spacing:-.01em}
.diapo p{margin:0}
.diapo .rang,.diapo .source,.diapo small{opacity:.72;font-size:.85em}
.diapo .rang{font-variant-numeric:tabular-nums}
.diapo .dit{font-size:1.15em;white-space:pre-line;margin-bottom:.8em}
.diapo .phare{padding:.5em .8em;border-left:.3em solid #2f74b8;background:rgba(127,150,180,.13);margin-bottom:.9em}
.diapo .mesure{display:flex;align-items:baseline;gap:.5em;line-height:1.2}
.diapo .chiffre{font-size:3.4em;line-height:1.1;font-weight:700;font-variant-numeric:tabular-nums}
.diapo .ligne{display:flex;justify-content:space-between;gap:1em;padding:.18em 0;
  border-top:1px solid rgba(127,150,180,.3)}
.diapo .legende{font-size:.95em;margin-bottom:.6em}
.diapo small{display:block}
.diapo .legende small{font-size:.9em}
.diapo ul{list-style:none;margin:.35em 0 0;padding:0;font-size:inherit}
.diapo ul.deux{columns:2;column-gap:2em}
.diapo li{display:flex;align-items:center;gap:.6em;margin:0;padding:.08em 0;font-size:inherit;break-inside:avoid}
.diapo li i{flex:none;width:1.7em;height:1.05em;border-radius:2px;box-shadow:inset 0 0 0 1px rgba(0,0,0,.15)}
.diapo li i.rond{width:1.05em;margin:0 .32em;border-radius:50%}
.diapo img.tailles{display:block;margin:.4em 0 0;max-width:100%}
.diapo li img{flex:none;width:1.35em;height:1.35em;margin:0 .17em}
.st-key-presentation_told{flex:none!important;height:calc(100vh - 4.5rem)!important;overflow:hidden;flex-wrap:nowrap}
.st-key-presentation_told [data-testid="stLayoutWrapper"]:has(>.st-key-presentation_chart){flex:1 1 0;min-height:0}
.st-key-presentation_chart,.st-key-presentation_chart :is([data-testid="stElementContainer"],
  [data-testid="stFullScreenFrame"],[data-testid="stPlotlyChart"]){height:100%;min-height:0}
.st-key-presentation_told .diapo{font-size:max(.8rem,min(1.25vw,2vh))}
.st-key-presentation_told .diapo .source{font-size:.75em}
.st-key-presentation_told [data-testid="stLayoutWrapper"]:has(>.st-key-presentation_maps){flex:1 1 0;min-height:0}
.st-key-presentation_maps,.st-key-presentation_maps :is(div,iframe){height:100%!important;min-height:0}
.st-key-presentation_maps [data-testid="stColumn"] [data-testid="stLayoutWrapper"]{flex:1 1 0!important}
.diapo .paire{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 1.5em}
.diapo .paire .ligne{border:0;font-size:1.35em;padding:0}
.diapo .paire>div>small{font-size:.95em}
.diapo .commune .legende{margin:0 0 .2em;font-size:1.1em}
.diapo .commune ul{display:flex;flex-wrap:wrap;gap:0 1.3em;margin:0}
.diapo .commune ul.deux{columns:auto}
.diapo .commune li em{margin-left:0}
.diapo .commune .legende small{display:inline;margin-left:.6em}
.diapo table.cles{width:100%;border-collapse:collapse;font-size:1.05em}
.diapo .cles th,.diapo .cles td{border:0;border-top:1px solid rgba(127,150,180,.3);padding:.2em .6em;text-align:right;
  font-variant-numeric:tabular-nums}
.diapo .cles tr:first-child>*{border-top:0;font-weight:600}
.diapo .cles tr>:first-child{text-align:left;font-weight:500;width:52%}
.diapo .cles td:nth-child(2){font-weight:700;font-size:1.2em}
.diapo .cles small{display:inline;margin-left:.6em;font-size:.75em}
.diapo li em{margin-left:auto;font-style:normal;opacity:.72;font-variant-numeric:tabular-nums}
@media (max-width:640px){ /* a phone: the slide is read from top to bottom */
  .stMain{overflow:auto}
  .st-key-presentation_told{height:auto!important;overflow:visible}
  .st-key-presentation_words{max-height:none}
  .st-key-presentation_told
    [data-testid="stLayoutWrapper"]:has(>:is(.st-key-presentation_maps,.st-key-presentation_chart)){flex:none!important}
  .st-key-presentation_map :is([data-testid="stLayoutWrapper"],[class*="st-key-place_of_"],iframe){
    height:60vh!important;flex:none!important}
  .st-key-presentation_chart,.st-key-presentation_maps [data-testid="stColumn"]{height:60vh!important}
  .st-key-presentation_maps,.st-key-presentation_maps>div,.st-key-presentation_maps>div>div{height:auto!important}
  .st-key-presentation_bar{position:static;width:100%}
  .diapo .paire{grid-template-columns:1fr;gap:.4em}
}
</style>
"""
"""Hides all that is not the view, gives the map the whole height, and makes the type grow with the screen."""

FILL_SCRIPT: Final = """
<script>
// A map stands in a frame of its own: its height follows the frame's, and the keys pressed there reach the page.
(() => {
  const KEYS = {
    ArrowRight: "Right", " ": "Space", PageDown: "PageDown", ArrowLeft: "Left", PageUp: "PageUp", Escape: "Esc",
  };
  const settled = new WeakSet();
  let missed = 0;
  const settle = () => {
    const frames = document.querySelectorAll(
      ".st-key-presentation_map iframe,.st-key-presentation_maps iframe"
    );
    missed = frames.length ? 0 : missed + 1;
    if (missed > 100) clearInterval(timer); // the presentation has been left
    frames.forEach(fill);
  };
  const fill = (frame) => {
    const inner = frame.contentDocument;
    if (!inner?.getElementById("map_div") || settled.has(inner)) return;
    settled.add(inner);
    const style = inner.createElement("style");
    style.textContent = "html,body{margin:0;overflow:hidden}#map_div{height:100vh!important}";
    inner.body.append(style);
    frame.contentWindow.dispatchEvent(new Event("resize"));
    frame.contentWindow.addEventListener("keydown", (event) => {
      const name = KEYS[event.key];
      if (!name || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      document.querySelector(`.st-key-presentation_${name} button`)?.click();
    }, true);
  };
  const timer = setInterval(settle, 50);
})();
</script>
"""
