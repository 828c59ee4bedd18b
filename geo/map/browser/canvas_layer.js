// A Leaflet layer that is one canvas, a little larger than the map so that a short pan shows no empty edge.

const PADDING = 0.1; // share of the map's size added on each side
const keptCover = {}; // of both sides: they look at one place

const CanvasLayer = L.Layer.extend({
  initialize(pane, paint, side) {
    this._paneName = pane;
    this._paint = paint;
    this._side = side;
  },

  onAdd(map) {
    this._canvas = L.DomUtil.create("canvas", "maillage-canvas leaflet-zoom-animated", map.getPane(this._paneName));
    map.on("moveend viewreset resize", this.redraw, this).on("zoomanim", this._animateZoom, this);
  },

  onRemove(map) {
    this._canvas.remove();
    map.off("moveend viewreset resize", this.redraw, this).off("zoomanim", this._animateZoom, this);
  },

  redraw() {
    if (!this._map || !this._side.geometry || isDraggedAlong()) return;
    const frame = this._frame();
    const { width, height } = frame.size;
    this._canvas.width = width * frame.ratio;
    this._canvas.height = height * frame.ratio;
    this._canvas.style.width = `${width}px`;
    this._canvas.style.height = `${height}px`;
    L.DomUtil.setPosition(this._canvas, frame.corner);
    this._cornerLatLng = this._map.layerPointToLatLng(frame.corner);
    this._zoom = frame.zoom;
    on(this._side, () => this._paint(this._canvas.getContext("2d"), frame));
  },

  _frame() {
    const map = this._map;
    const size = map.getSize();
    const margin = size.multiplyBy(PADDING).round();
    const corner = map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
    const world = map.getPixelOrigin().add(corner); // pixels of the whole Earth at this zoom
    const zoom = map.getZoom();
    const scale = 2 ** zoom;
    const width = size.x + 2 * margin.x;
    const height = size.y + 2 * margin.y;
    return {
      zoom, scale, corner, ratio: window.devicePixelRatio || 1, size: { width, height }, kept: keptCover,
      window: { west: world.x / scale, north: world.y / scale, east: (world.x + width) / scale, south: (world.y + height) / scale },
    };
  },

  _animateZoom(event) {
    if (!this._cornerLatLng) return;
    const corner = this._map._latLngToNewLayerPoint(this._cornerLatLng, event.zoom, event.center);
    L.DomUtil.setTransform(this._canvas, corner, this._map.getZoomScale(event.zoom, this._zoom));
  },
});
