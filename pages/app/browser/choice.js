// A list that a reader searches as they type, without accents: the combobox of WAI-ARIA, in a Streamlit component that
// imports this module (`pages.app.shell.script_of`).
// `pages/widgets/choice/__init__.py` says what `data` holds and what is answered.

const WAIT_MS = 80; // after the last letter, before the server is asked
const MOST_DRAWN = 1000;

// As `geo.commune_names.fold`: tests compare both on every name of the country.
export function fold(text) {
  const plain = text.replaceAll("œ", "oe").replaceAll("Œ", "oe").replaceAll("°", " ").normalize("NFKD");
  const letters = plain.replace(/\p{Mn}/gu, "").replace(/[^\p{L}\p{N}]/gu, " ").toLowerCase();
  const words = letters.split(/\s+/).filter(Boolean);
  return words.map((word) => ({ saint: "st", sainte: "ste" })[word] ?? word).join(" ");
}

// Which options answer a text: each word typed begins one of theirs. Those whose name begins so come first, unless
// they stand in groups, which keep their order.
export function matching(options, typed) {
  const words = fold(typed).split(" ").filter(Boolean);
  if (!words.length) return options;
  const begins = (option, word) =>
    option.searched.includes(` ${word}`) || (word.length > 2 && "sainte".startsWith(word) && / ste? /.test(option.searched));
  const found = options.filter((option) => words.every((word) => begins(option, word)));
  if (found.some((option) => option.group)) return found;
  const rank = (option) => (option.folded.startsWith(words.join(" ")) ? 0 : 1);
  return found.sort((one, other) => rank(one) - rank(other));
}

function element(kind, name, parent) {
  const made = document.createElement(kind);
  made.className = name;
  parent?.append(made);
  return made;
}

// A browser may keep nothing, or something else under that name: the session then remembers alone.
function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}

class Choice {
  constructor(parent) {
    this.root = parent.querySelector(".choice");
    const head = element("div", "head", this.root);
    this.label = element("label", "label", head);
    this.help = element("span", "help", head);
    this.help.textContent = "?";
    this.field = element("div", "field", this.root);
    this.chips = element("span", "chips", this.field);
    this.input = element("input", "text", this.field);
    this.clear = element("button", "clear", this.field);
    this.arrow = element("button", "arrow", this.field);
    this.under = element("div", "under", this.root);
    this.list = element("div", "list", this.root);
    this.said = element("div", "said", this.root);
    Object.assign(this.input, { id: "text", type: "text", maxLength: 200, autocomplete: "off", spellcheck: false });
    this.label.htmlFor = "text";
    this.list.id = "list";
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
    this.help.setAttribute("role", "img");
    this.list.setAttribute("role", "listbox");
    this.said.setAttribute("role", "status");
    this.clear.textContent = "×";
    this.clear.setAttribute("aria-label", "Effacer");
    this.arrow.setAttribute("aria-label", "Ouvrir la liste");
    this.arrow.tabIndex = -1;
    this.isOpen = false;
    this.isTyped = false;
    this.listen();
  }

  listen() {
    const keep = (event) => event.preventDefault(); // the focus stays in the field
    this.input.addEventListener("input", () => this.type());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", keep);
    this.arrow.addEventListener("mousedown", keep);
    this.arrow.addEventListener("click", () => {
      if (this.isOpen) return this.close();
      this.input.focus();
      this.open();
    });
    this.clear.addEventListener("mousedown", keep);
    this.clear.addEventListener("click", () => this.answer([]));
    this.follow = () => this.isOpen && this.place();
    addEventListener("scroll", this.follow, true);
    addEventListener("resize", this.follow);
  }

  leave() {
    removeEventListener("scroll", this.follow, true);
    removeEventListener("resize", this.follow);
  }

  update(component) {
    const isFirst = !this.data;
    this.send = component.setTriggerValue;
    const data = (this.data = component.data);
    this.options = data.options.map(([id, label, group, detail, words], rank) => {
      const folded = fold(label);
      return { id, label, group, detail, rank, folded, searched: ` ${folded} ${fold(`${group} ${words}`)} ` };
    });
    this.chosen = data.chosen;
    this.label.textContent = data.label;
    this.label.parentElement.hidden = data.is_hidden;
    if (data.is_hidden) this.input.setAttribute("aria-label", data.label);
    this.help.hidden = !data.help;
    this.help.title = data.help;
    this.help.setAttribute("aria-label", data.help);
    this.input.disabled = this.arrow.disabled = data.is_disabled;
    this.under.textContent = data.under;
    this.under.hidden = !data.under;
    this.root.classList.toggle("searching", data.is_remote);
    this.drawChosen();
    if (this.isOpen || data.is_remote) this.draw();
    if (this.mustTakeFirst && data.text === this.input.value) this.takeFirst();
    if (isFirst && data.is_remote) this.input.value = data.text;
    if (isFirst && data.has_focus) this.input.focus();
    if (data.memory) this.send("recalled", recall(data.memory)); // until the server has taken it
  }

  named(id) {
    return this.options.find((option) => option.id === id);
  }

  drawChosen() {
    const { is_multiple, is_remote, placeholder, is_clearable, is_disabled } = this.data;
    this.chips.replaceChildren();
    this.input.placeholder = is_multiple && this.chosen.length ? "" : placeholder;
    this.clear.hidden = !is_clearable || !this.chosen.length || is_disabled;
    if (is_multiple) {
      for (const id of this.chosen) {
        const chip = element("span", "chip", this.chips);
        chip.append(this.named(id)?.label ?? "");
        const out = element("button", "out", chip);
        out.textContent = "×";
        out.disabled = is_disabled;
        out.setAttribute("aria-label", `Retirer ${this.named(id)?.label ?? ""}`);
        out.addEventListener("click", () => this.answer(this.chosen.filter((other) => other !== id)));
      }
    } else if (!is_remote && !this.isTyped) {
      this.input.value = this.named(this.chosen[0])?.label ?? "";
      this.input.title = this.input.value;
    }
  }

  type() {
    this.isTyped = true;
    this.hasMoved = this.mustTakeFirst = false;
    if (!this.data.is_remote) {
      this.isOpen ? this.draw() : this.open();
      return;
    }
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.send("typed", this.input.value), WAIT_MS);
  }

  open() {
    if (this.isOpen || this.data.is_disabled || this.data.is_remote) return;
    this.isOpen = true;
    if (!this.isTyped) this.input.select();
    this.list.popover ??= "manual";
    this.list.showPopover?.();
    this.draw();
  }

  close() {
    clearTimeout(this.closing);
    if (this.data.is_remote) return;
    if (this.isOpen) this.list.hidePopover?.();
    this.isOpen = this.isTyped = false;
    if (this.data.is_multiple) this.input.value = "";
    this.mark(-1);
    this.drawChosen();
    this.input.setAttribute("aria-expanded", "false");
  }

  // Draw the options that answer what is typed, the chosen one in sight.
  draw() {
    const { is_remote, is_multiple, most, text, note } = this.data;
    const typed = this.isTyped && !is_remote ? this.input.value : "";
    const isFull = is_multiple && most && this.chosen.length >= most;
    const reached = this.hasMoved ? this.shown?.[this.active]?.id : undefined; // a late answer does not move the reader
    this.shown = isFull ? [] : matching(this.options, typed).slice(0, MOST_DRAWN);
    if (is_multiple) this.shown = this.shown.filter((option) => !this.chosen.includes(option.id));
    this.list.replaceChildren();
    let group = "";
    this.items = this.shown.map((option, place) => {
      if (option.group && option.group !== group) {
        group = option.group;
        this.write("group", group);
      }
      const item = element("div", "item", this.list);
      item.id = `option-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(this.chosen.includes(option.id)));
      element("span", "name", item).textContent = option.label;
      if (option.detail) element("small", "detail", item).textContent = option.detail;
      item.addEventListener("click", () => this.take(option));
      return item;
    });
    const why = isFull
      ? `${most} au plus : retirez-en un d’abord.`
      : this.shown.length ? note : note || (typed ? `Rien ne répond à « ${typed} ».` : is_remote ? "" : "Rien d’autre à choisir.");
    if (why) this.write("none", why);
    this.list.setAttribute("role", this.shown.length ? "listbox" : "group"); // a list without an option is none
    this.said.textContent = is_remote && !text ? "" : why || `${this.shown.length} dans la liste`;
    this.input.setAttribute("aria-expanded", String(this.shown.length > 0));
    const chosen = this.shown.findIndex((option) => this.chosen.includes(option.id));
    const first = typed || (is_remote && text) ? (this.shown.length ? 0 : -1) : chosen;
    const again = this.shown.findIndex((option) => option.id === reached);
    this.mark(again < 0 ? first : again);
    if (this.isOpen) this.place();
    if (typed) this.list.scrollTop = 0;
    else if (!is_remote && this.active >= 0) this.items[this.active].scrollIntoView({ block: "center" });
  }

  // Write in the list what is no option.
  write(name, words) {
    const line = element("div", name, this.list);
    line.textContent = words;
    line.setAttribute("role", "presentation");
  }

  // Below the field where there is room, else above: the list floats over whatever would cut it.
  place() {
    const field = this.field.getBoundingClientRect();
    const below = innerHeight - field.bottom - 12, above = field.top - 12;
    const isBelow = below >= Math.min(this.list.scrollHeight, 260) || below >= above;
    const width = Math.min(Math.max(field.width, this.options.some((option) => option.detail) ? 460 : 0), innerWidth - 16);
    Object.assign(this.list.style, {
      width: `${width}px`,
      left: `${Math.max(8, Math.min(field.left, innerWidth - width - 8))}px`,
      top: isBelow ? `${field.bottom + 4}px` : "auto",
      bottom: isBelow ? "auto" : `${innerHeight - field.top + 4}px`,
      maxHeight: `${Math.min(isBelow ? below : above, 420)}px`,
    });
  }

  mark(place) {
    this.items?.[this.active]?.classList.remove("active");
    this.active = place;
    const item = this.items?.[place];
    item?.classList.add("active");
    item ? this.input.setAttribute("aria-activedescendant", item.id) : this.input.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const last = this.items.length - 1;
    if (last < 0) return;
    this.hasMoved = true;
    this.mark(this.active < 0 ? (step > 0 ? 0 : last) : Math.max(0, Math.min(last, this.active + step)));
    this.items[this.active].scrollIntoView({ block: "nearest" });
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    const isListed = this.isOpen || this.data.is_remote;
    if (step) {
      event.preventDefault();
      isListed ? this.move(step) : this.open();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.enter(isListed);
    } else if (event.key === "Escape" && this.isOpen) {
      event.stopPropagation();
      this.isTyped = false;
      this.close();
    } else if (event.key === "Backspace" && this.data.is_multiple && !this.input.value && this.chosen.length) {
      this.answer(this.chosen.slice(0, -1));
    }
  }

  enter(isListed) {
    if (!isListed) return this.open();
    if (this.data.is_remote && this.input.value !== this.data.text) {
      clearTimeout(this.waiting);
      this.mustTakeFirst = true; // once the server has answered
      this.send("typed", this.input.value);
    } else if (this.active >= 0) this.take(this.shown[this.active]);
  }

  takeFirst() {
    this.mustTakeFirst = false;
    if (this.data.text && this.shown.length) this.take(this.shown[0]);
  }

  take(option) {
    if (!this.data.is_multiple) {
      const isSame = this.chosen[0] === option.id && !this.data.is_remote;
      this.chosen = [option.id];
      this.close();
      if (!isSame) this.send("chosen", [[option.id, option.label]]);
      return;
    }
    this.input.value = "";
    this.isTyped = false;
    this.answer([...this.chosen, option.id]);
    if (this.isOpen) this.draw();
  }

  answer(chosen) {
    this.chosen = chosen;
    this.isTyped = false;
    this.drawChosen();
    this.send("chosen", chosen.map((id) => [id, this.named(id).label]));
  }
}

const choices = new WeakMap();

export default function (component) {
  const parent = component.parentElement;
  if (!choices.has(parent)) choices.set(parent, new Choice(parent));
  const choice = choices.get(parent);
  choice.update(component);
  return () => {
    choice.leave();
    choices.delete(parent);
  };
}
