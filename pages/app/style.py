"""The few rules of style that Streamlit's theme can't say: tighter page, card of a territory."""

import streamlit as st

STYLE = """
<style>
.stMainBlockContainer{padding:3.6rem 2rem 1.5rem;max-width:1900px}
.fiche{font-size:.875rem;line-height:1.35}
.fiche small{display:block;font-weight:400;opacity:.72;font-size:.75rem}
.fiche .phare{padding:.5rem .75rem;border-left:4px solid #2f74b8;background:rgba(127,150,180,.13);margin-bottom:.35rem}
.fiche .phare b{font-size:1.7rem;font-weight:650}
.fiche .ligne{display:flex;justify-content:space-between;gap:.75rem;padding:.28rem 0;
  border-top:1px solid rgba(127,150,180,.25)}
.fiche .ligne>span:first-child{min-width:40%}
.fiche .ligne>span:last-child{text-align:right}
[data-testid="stMetricLabel"] p{white-space:normal;line-height:1.2}
[data-testid="stMetricValue"]{font-size:clamp(1.25rem,2.1vw,2.1rem)}
[data-testid="stMetricValue"] *{white-space:normal;overflow:visible}
.st-key-card h3{padding:0;font-size:1.35rem}
.st-key-maillage_territoires{position:absolute}
.etiquette{font-size:.875rem;line-height:1.5rem;margin-bottom:-.75rem}
/* Where the menu leaves room, what shares a page stands at the end of it, in sight on every screen. */
@media (min-width:1250px){.st-key-sharing_place{position:fixed;top:.6rem;right:4.5rem;width:auto;z-index:1000000}}
/* While a page is drawn again, the buttons of files still belong to what it showed before. */
[data-stale="true"]:has(.stDownloadButton){cursor:progress}
[data-stale="true"] .stDownloadButton{pointer-events:none}
/* All the sections of the menu fit on a tablet; what does not goes under "3 more", in English. */
@media (max-width:1099px){[data-testid="stTopNavLink"]>span:has([data-testid="stIconMaterial"]){display:none}}
/* Streamlit's own words are in English: what they offer is offered in French by the pages. */
[data-testid="stElementToolbar"],[data-testid="InputInstructions"]{display:none}
.rc-overflow-item-rest [data-testid="stTopNavSection"] p{display:none}
.rc-overflow-item-rest [data-testid="stMarkdownContainer"]::after{content:"Autres pages";font-size:.875rem}
[data-testid="stFileUploaderDropzone"] button p,
[data-testid="stFileUploaderDropzoneInstructions"] span{font-size:0}
[data-testid="stFileUploaderDropzone"] button p::after{content:"Choisir un fichier";font-size:.875rem}
[data-testid="stFileUploaderDropzoneInstructions"] span::after{content:"ou déposez-le ici";font-size:.8rem}
</style>
"""


def apply_style() -> None:
    """Add the rules to the page; call once a run, before the page."""
    st.html(STYLE)


def label_popover(label: str) -> None:
    """Write the label of a popover as Streamlit writes those of its other widgets: popovers have none."""
    st.html(f"<div class='etiquette'>{label}</div>")


def name_menu(title: str) -> None:
    """Write "Menu" and the title of the page on the button that the menu is on a phone: it is a bare arrow."""
    st.html(
        '<style>[data-testid="stExpandSidebarButton"]{width:auto}[data-testid="stExpandSidebarButton"]::after'
        f'{{content:"Menu · {title}";font-size:1rem;font-weight:600;margin-left:.5rem;white-space:nowrap}}</style>'
    )
