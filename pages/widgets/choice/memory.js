// What the server asks to keep between visits; a browser that keeps nothing is no fault.
export default function ({ data }) {
  try {
    localStorage.setItem(data.name, JSON.stringify(data.kept));
  } catch {}
}
