// What travels between Python and the browser, said once. Every script knows these names; no browser fetches this file.

/** Streamlit's component: what it hands over at every new message and every change of theme. */
interface StreamlitComponent<Data> {
  data: Data;
  key: string;
  parentElement: HTMLElement;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

/** What is mounted in a place: one of our classes. */
interface Part<Data> {
  update(component: StreamlitComponent<Data>): unknown;
  destroy?(): void;
}

/** What Python's Component adds (cnnviz/ui/component.py): addresses, its name, and what else it was made with. */
interface Config {
  module: string;
  plotly: string;
  what: string;
  css: string;
}

/** plotly.js, as far as it is used; its figures come from Python and go through unread. */
interface Plotly {
  react(node: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
  purge(node: HTMLElement): void;
}

/** An axis of Plotly: from pixels to the figure's numbers. */
interface PlotlyAxis {
  p2d(pixels: number): number;
  _offset: number;
}

interface PlotlyNode extends HTMLElement {
  on(name: "plotly_click", listener: (click: { event: MouseEvent | TouchEvent }) => void): void;
  _fullLayout: { xaxis: PlotlyAxis; yaxis: PlotlyAxis };
}

interface Window {
  /** Once it has arrived. */
  Plotly?: Plotly;
}

type Theme = "light" | "dark";

/** A row and a column, or two sizes in the same order. */
type Pair = [row: number, col: number];

type Pen = CanvasRenderingContext2D;

/** Stops of a colour scale, from 0 to 1. */
type ColourScale = [at: number, hex: string][];

type Accent = "window" | "weight" | "output";

/** cnnviz/figures/palette.py, PALETTE. */
interface Palette {
  scales: Record<Role, ColourScale>;
  text: string;
  muted: string;
  line: string;
  hatch: string;
  outline: string;
  unread: string;
  accents: Record<Accent, string>;
  frames: Record<string, string>;
  paper: string;
}

/** cnnviz/figures/palette.py, MAPS: evenly spaced stops for each kind. */
type ColourMaps = Record<string, string[]>;

// A scene (cnnviz/stage/scene.py), as a pack holds it (cnnviz/stage/pack.py). What says nothing is left out.

type Role = "input" | "kernel" | "output";

type Rule = "sum" | "max" | "mean" | "norm" | "copy";

/** What a grid tells about itself. */
interface GridWords {
  name: string;
  title: string;
  role: Role;
  rows: number;
  cols: number;
  /** For every row and every column: its data row's number, -1 for what was added, or -(number + 2) for a copy. */
  origins?: [rows: number[], cols: number[]];
  texts?: string[];
  edit?: 1;
  scale?: string;
  added?: string;
  cut?: 1;
  frame?: string;
  blocks?: Pair;
  size?: string;
  bars?: number;
  line?: 1;
}

type Ring = [above: number, below: number, before: number, after: number];

/** A grid of a pack; `values`, `divisors` and `winners` are numbers of arrays. */
interface GridWire extends GridWords {
  values: number;
  divisors?: number;
  winners?: number;
  ring?: Ring;
  symbol?: string;
  note?: string;
  rule?: Rule;
}

/** A grid, read. */
interface Grid extends GridWords {
  values: number[];
  divisors?: number[];
  winners?: number[];
  ring: Ring;
  symbol: string;
  note: string;
  rule: Rule;
  /** The largest absolute value, of all grids that share its scale. */
  largest: number;
  /** How often each cell is read, once it was asked for. */
  counts?: number[];
}

interface LinkWire {
  from: string;
  into: string;
  by?: string;
  sign?: -1;
  edges?: 1;
  /** Every target cell's (source cell, weight cell), where a link is no product of two axes. */
  cells?: [cell: number, weight: number][][];
  /** Numbers of axes. */
  rows?: number;
  cols?: number;
}

interface AxisWire {
  size: number;
  reads: number[][];
  taps: number[] | number[][];
}

interface Shows {
  grid: string;
  of: string;
  cells: number[];
}

/** What a scene tells about itself. */
interface SceneWords {
  shape: string;
  alt: string;
  /** Ways to lay the grids out: rows of columns of grids. */
  arrangements: string[][][][];
  steps?: string | string[];
  tall?: 1;
  tallPhone?: 1;
  deep?: 1;
  close?: 1;
  comfort?: number;
}

interface SceneWire extends SceneWords {
  grids: GridWire[];
  links: LinkWire[];
  notes?: string[];
  signs?: string[];
  twins?: string[][];
  shows?: Shows[];
}

/** A state as it stands in a link, and what changes it: null takes a key away. */
type State = Record<string, string>;
type Patch = Record<string, string | null>;

/** A picture of a pack: the number of its scene, or of its error. */
interface Shown {
  scene?: number;
  error?: number;
}

interface ControlOption extends Shown {
  v: string;
  set: Patch;
  label?: string;
  group?: string;
  /** Other controls that move along, by their names. */
  also?: Record<string, string>;
}

type ControlKind = "slider" | "choice" | "select" | "switch" | "button";

interface StageControl {
  name: string;
  label: string;
  kind: ControlKind;
  value: string;
  options: ControlOption[];
  help?: string;
  /** An option's `set` is a whole state, not a patch. */
  whole?: 1;
}

interface PackError {
  field: string;
  text: string;
  mends: { label: string; set: Patch }[];
}

interface PackWire {
  v: number;
  seq: number;
  state: State;
  messages?: string[];
  /** The page that a guest's links lead to. */
  home?: string;
  here: Shown & { ghost?: Patch };
  controls: StageControl[];
  /** [decimals, integers] each. */
  arrays: [decimals: number, integers: number[]][];
  axes: AxisWire[];
  scenes: SceneWire[];
  errors: PackError[];
}

/** What was typed into a cell: a grid's name, a row, a column, and the text. */
type Edit = [grid: string, row: number, col: number, text: string];

// A stage, as it is read and drawn.

interface CellOfGrid {
  grid: string;
  row: number;
  col: number;
}

/** The current cell; `data` is the cell of the data that it stands for, wherever that is drawn. */
interface Cursor extends CellOfGrid {
  data?: DataCell;
}

/** A cursor that a link named: where its cell is drawn is not known yet. */
interface Pin {
  grid: string;
  data: DataCell;
  row?: undefined;
  col?: undefined;
}

interface DataCell {
  row: number;
  col: number;
}

/** What a drawn cell is: a cell of the data, a copy of one, or something that was added. */
type Origin =
  | { row: number; col: number; copy?: undefined; zero?: undefined }
  | { row?: undefined; col?: undefined; copy: DataCell; zero?: undefined }
  | { row?: undefined; col?: undefined; copy?: undefined; zero: true };

/** A source cell that a target is made of; `weight` is a cell of the grid `by`, null where there is none. */
interface Term {
  from: string;
  row: number;
  col: number;
  by: string;
  weight: Pair | null;
  sign: number;
  added: boolean;
}

/** A target cell that reads a source cell. */
interface Reader {
  into: string;
  row: number;
  col: number;
  by: string;
  weight: Pair | null;
}

/** A source cell that a weight meets, and the target that it is for. */
interface Use {
  from: string;
  row: number;
  col: number;
  into: string;
  target: Pair;
}

/** A cell with the name of its grid before it. */
type Spot = [name: string, row: number, col: number];

type Size = "page" | "alone";

/** Where a grid stands, in pixels. */
interface GridPlace {
  name: string;
  grid: Grid;
  cell: number;
  order: number;
  left: number;
  top: number;
  space: number;
  sign: string;
}

interface Layout {
  cell: number;
  grids: Map<string, GridPlace>;
  signs: { text: string; x: number; y: number }[];
  gap: number;
  width: number;
  height: number;
  size: Size;
}

/** A heatmap of Plotly with evenly spaced cells: one grid. */
interface Tile {
  type: "heatmap";
  name: string;
  z: number[][];
  x0: number;
  dx: number;
  y0: number;
  dy: number;
  xgap: number;
  ygap: number;
  zmin: number;
  zmax: number;
  colorscale: ColourScale;
  showscale: boolean;
  hoverinfo: string;
}

/** A heatmap of several grids: the edges of its cells, and holes between the grids. */
type JoinedTile = Omit<Tile, "x0" | "dx" | "y0" | "dy" | "z"> & { x: number[]; y: number[]; z: (number | null)[][] };

/** A cell in the light, and what is written into its corner. */
interface LitCell extends DataCell {
  text: string;
}

type LitCells = Map<string, LitCell>;

/** How light is drawn. */
interface LightStyle {
  accent: Accent;
  width: number;
  dash: number[];
}

/** Bars that a hand holds: their scale stays while they grow. */
interface HeldBars {
  name: string;
  scale: BarScale;
  last?: { col: number; value: number };
}

interface BarScale {
  low: number;
  high: number;
  /** What a hand sets: multiples of it. */
  step: number;
}

// Pictures (cnnviz/figures/panels.py) and maps (cnnviz/figures/feature_maps.py): a head, and codes behind it.

type Codes = Uint8Array | Int16Array | Int32Array;

/** An array, unpacked: one plane a channel, each number times 10 ** decimals, and the code of a cell without a value. */
interface CodedArray {
  planes: Codes[];
  rows: number;
  cols: number;
  decimals: number;
  none: number;
}

/** What a panel and a row have in common: the name of its array, and the codes if they came along. */
interface Coded {
  digest: string;
  size: Pair;
  /** 0: the browser has the array, and nothing was sent. */
  length: number;
  channels: number;
  bytes: 1 | 2 | 4;
  decimals: number;
}

/** A message, read; `missing` when it left out an array that is not here any more. */
interface Message<Head> {
  head: Head;
  arrays: CodedArray[];
  missing: boolean;
}

type PanelKind = "rgb" | "grey" | "signed" | "score";

type Mark = [row: number, col: number, height: number, width: number, label: string, style: Accent];

interface Panel extends Coded {
  title: string;
  alt: string;
  kind: PanelKind;
  step: Pair;
  offset: Pair;
  low: number;
  high: number;
  linked: boolean;
  click: boolean;
  drag: boolean;
  tint: "" | "red" | "green" | "blue";
  words: string[][] | null;
  about?: string;
  marks: Mark[];
  /** The most characters of a cell, once they were counted. */
  longest?: number;
}

interface ViewerControlWords {
  name: string;
  label: string;
  help: string;
}

interface ViewerSlider extends ViewerControlWords {
  type: "slider";
  value: number;
  low: number;
  high: number;
  step: number;
  words: Record<string, string>;
}

interface ViewerChoice extends ViewerControlWords {
  type: "choice";
  value: string;
  options: [value: string, label: string][];
}

interface ViewerSwitch extends ViewerControlWords {
  type: "switch";
  value: "0" | "1";
}

type ViewerControl = ViewerSlider | ViewerChoice | ViewerSwitch;

interface ViewerHead {
  seq: number;
  label: string;
  note: string;
  /** The view as it stands in the link. */
  look: string;
  /** The address is somebody else's. */
  quiet?: boolean;
  panels: Panel[];
  controls: ViewerControl[];
}

/** A row of the wall; `form` says what its array is. */
interface MapRow extends Coded {
  title: string;
  layer: string;
  about: string;
  alt: string;
  kind: PanelKind;
  form: "picture" | "cells" | "maps";
  numbers: number[];
  names: string[];
  low: number[];
  high: number[];
  off: number[];
  chosen: boolean;
  open: boolean;
  block: number;
  alike: number | null;
  inset: boolean;
  linked: string;
}

interface Scores {
  title: string;
  now: string;
  before: string;
  note: string;
  alt: string;
  short?: boolean;
  bars: {
    name: string;
    number: number;
    chance: number;
    score: number;
    before: [chance: number, score: number] | null;
    right: boolean;
  }[];
}

interface WallHead {
  seq: number;
  label: string;
  hint: string;
  colours: string;
  plain?: boolean;
  channel: number;
  chosen: { title: string; key: string; off: boolean; can: boolean } | null;
  off: { key: string; title: string }[];
  scores: Scores | null;
  panels: MapRow[];
}

// The drawing pad (cnnviz/ui/pad.py).

/** A flat list of whole numbers: right, down, right, down, ... */
type Stroke = number[];

interface PadData {
  seq: number;
  strokes: Stroke[];
  pen: number;
  dye: [ink: string, paper: string];
  fill: boolean;
  across: number;
  limits: [strokes: number, points: number];
  pens: [least: number, most: number];
  colours: boolean;
  /** A small grey picture in base64, or nothing. */
  gets: string;
  getsLabel: string;
  label: string;
  hint: string;
  note: string;
}

// The network that is built (cnnviz/ui/build_picture.py, build_table.py; cnnviz/figures/build_solid.py).

interface FlatData {
  seq: number;
  alt: string;
  figure: { data: BarTrace[]; layout: { height: number } };
}

/** The last trace holds the blocks as bars: a middle, a width, a base and a height each, and their keys. */
interface BarTrace {
  x: number[];
  width: number[];
  base: number[];
  y: number[];
  customdata: string[];
}

/** From where a network is seen: degrees to the side, degrees above, and how near. */
type Turn = [side: number, above: number, zoom: number];

type Point = [x: number, y: number];

interface SolidBlock {
  key: string;
  title: string;
  shape: string;
  lines: string[];
  family: string;
  column: number;
  at: Point;
  size: [width: number, height: number, depth: number];
  full: boolean;
  faulty: boolean;
  sign: string;
}

interface SolidFamily {
  title: string;
  colour: string;
  pattern: string;
}

interface SolidData {
  seq: number;
  turn: Turn;
  chosen: string;
  alt: string;
  colours: { ink: string; paper: string; chosen: string; fault: string };
  families: Record<string, SolidFamily>;
  blocks: SolidBlock[];
  lines: Point[][];
}

interface SheetCell {
  text: string;
  form: string;
  wrong: boolean;
}

interface SheetRow {
  id: string;
  key: string;
  name: string;
  what: string;
  shape: string;
  params: string;
  cells: Record<string, SheetCell>;
  chosen: boolean;
  faulty?: boolean;
  folded?: boolean;
  input?: boolean;
}

interface SheetData {
  seq: number;
  columns: [key: string, title: string][];
  rows: SheetRow[];
  wrong: string[];
  kinds: [value: string, title: string][];
  paper: string;
}

/** Two functions, one of which slides (cnnviz/figures/signals.py). */
interface SlideData {
  seq: number;
  at: number;
  state: State;
  ticks: string[];
  times: string[];
  areas: string[];
  label: string;
  about: string;
  alt: string;
  /** The moving curve's values, over a stretch that covers every shift. */
  tape: number[];
  /** How many places of the tape one shift is. */
  each: number;
  figure: {
    data: { x: number[]; y: number[] }[];
    layout: { height: number; shapes: object[]; annotations: object[] };
  };
}
