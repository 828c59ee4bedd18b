// The address of the page as the browser has it now: copied, made into the code of a frame, or sent to the server that
// makes its message and its QR code. `pages/app/sharing/__init__.py` says what `data` holds.

const SAID_MS = 4000;

export function frameCode(address, title) {
  const embedded = new URL(address);
  embedded.searchParams.set("embed", "true");
  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${escaped(embedded.href)}" title="${escaped(title)}" width="100%" height="660" style="border:0" loading="lazy"></iframe>`;
}

// Without a secure address a browser refuses the clipboard: the text is then selected, to be copied by hand.
async function copy(text, field) {
  field.hidden = false;
  field.value = text;
  field.select();
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".sharing");
  box.replaceChildren();
  const field = document.createElement("textarea");
  field.readOnly = true;
  field.hidden = true;
  field.rows = 3;
  field.setAttribute("aria-label", "Texte copié");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const address = () => window.location.href;
  const texts = { link: address, message: () => data.message, frame: () => frameCode(address(), data.title) };
  for (const [kind, label] of data.buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.onclick = async () => {
      if (kind === "ask") {
        setTriggerValue("asked", address());
        return;
      }
      const isCopied = await copy(texts[kind](), field);
      said.textContent = isCopied ? "Copié." : "Sélectionné : copiez-le par Ctrl+C.";
      setTimeout(() => { said.textContent = ""; }, SAID_MS);
    };
    box.append(button);
  }
  box.append(field, said);
}
