/** Pictures of the sample products, drawn from a few shapes each; no file is loaded for them. */
import { type SVGTemplateResult, html, svg, type TemplateResult } from "lit";

const clay = "#b4643f";
const copper = "#c47b4a";
const wood = "#a9794c";
const cream = "#f3ead9";
const stone = "#8b8c85";
const iron = "#2f2e2e";
const moss = "#66774a";
const blue = "#5b7686";
const honey = "#dda94b";

const drawings: Record<string, SVGTemplateResult> = {
  kettle: svg`<path d="M62 96c0-34 18-52 48-52s48 18 48 52l4 42c1 8-4 12-12 12H70c-8 0-13-4-12-12z" fill=${copper} />
    <path d="M152 84l34-22 8 10-38 38z" fill=${copper} /><path d="M74 52c2-36 70-36 72 0" fill="none" stroke=${wood} stroke-width="9" stroke-linecap="round" />
    <ellipse cx="110" cy="48" rx="24" ry="6" fill="#a5623a" /><circle cx="110" cy="40" r="6" fill=${wood} />`,
  teapot: svg`<path d="M58 106c0-30 20-46 50-46s50 16 50 46-18 44-50 44-50-14-50-44z" fill=${blue} />
    <path d="M154 100c14-2 16-22 30-30l6 10c-10 10-10 34-34 38z" fill=${blue} /><path d="M62 86c-34-8-38 44 4 44" fill="none" stroke=${blue} stroke-width="10" />
    <ellipse cx="108" cy="61" rx="28" ry="7" fill="#48606e" /><circle cx="108" cy="50" r="7" fill="#48606e" />`,
  mugs: svg`<path d="M46 78h64v56c0 10-6 16-16 16H62c-10 0-16-6-16-16z" fill=${cream} /><path d="M110 92c24-4 24 34 0 32" fill="none" stroke=${cream} stroke-width="8" />
    <path d="M122 62h56v50c0 9-6 14-14 14h-28c-8 0-14-5-14-14z" fill="#d9c8ab" /><path d="M178 74c20-3 20 28 0 26" fill="none" stroke="#d9c8ab" stroke-width="7" />
    <g fill=${wood}><circle cx="62" cy="98" r="2.5" /><circle cx="82" cy="112" r="2" /><circle cx="94" cy="94" r="2.5" /><circle cx="70" cy="130" r="2" /><circle cx="140" cy="84" r="2" /><circle cx="160" cy="98" r="2.5" /></g>`,
  skillet: svg`<circle cx="94" cy="104" r="50" fill=${iron} /><circle cx="94" cy="104" r="40" fill="#5a5856" />
    <path d="M136 70l52-34 9 13-50 38z" fill=${iron} /><circle cx="186" cy="46" r="4" fill="#6c6a68" />`,
  knife: svg`<path d="M44 96c30-14 66-20 106-20v30c-42 2-80 0-106-10z" fill="#c9cdcd" /><path d="M44 96c26 10 64 12 106 10v-7c-40 2-78 1-106-3z" fill="#a5abab" />
    <rect x="150" y="74" width="54" height="22" rx="9" fill="#6d4a2f" /><g fill="#c9b08e"><circle cx="164" cy="85" r="2.5" /><circle cx="178" cy="85" r="2.5" /><circle cx="192" cy="85" r="2.5" /></g>`,
  board: svg`<rect x="52" y="54" width="126" height="94" rx="12" fill=${wood} /><rect x="62" y="64" width="106" height="74" rx="8" fill="none" stroke="#8a5f38" stroke-width="3" />
    <path d="M70 86h90M70 102h90M70 118h90" stroke="#b98a5d" stroke-width="3" /><circle cx="160" cy="72" r="6" fill="#8a5f38" />`,
  lamp: svg`<path d="M76 40h68l14 70H62z" fill=${cream} /><path d="M71 64h78M66 88h88" stroke="#dcccae" stroke-width="2.5" />
    <rect x="106" y="110" width="8" height="34" fill=${wood} /><rect x="80" y="142" width="60" height="9" rx="4" fill=${wood} />`,
  candle: svg`<rect x="62" y="78" width="22" height="72" rx="4" fill=${honey} /><rect x="98" y="62" width="22" height="88" rx="4" fill="#e6bb68" /><rect x="134" y="90" width="22" height="60" rx="4" fill=${honey} />
    <g stroke=${iron} stroke-width="2.5"><path d="M73 78v-8M109 62v-8M145 90v-8" /></g>
    <g fill="#f4d9a0"><path d="M73 48c6 8 6 20 0 20s-6-12 0-20zM109 32c6 8 6 20 0 20s-6-12 0-20zM145 60c6 8 6 20 0 20s-6-12 0-20z" /></g>`,
  duvet: svg`<path d="M42 70c48-14 88-14 136 0v72c-48-12-88-12-136 0z" fill="#d8d3c8" /><path d="M42 92c48-14 88-14 136 0" fill="none" stroke="#bdb6a8" stroke-width="3" />
    <g fill="#8d8577"><circle cx="76" cy="132" r="3" /><circle cx="110" cy="129" r="3" /><circle cx="144" cy="132" r="3" /></g>`,
  towels: svg`<rect x="54" y="108" width="112" height="34" rx="9" fill="#c98f75" /><rect x="60" y="74" width="100" height="34" rx="9" fill=${cream} />
    <g stroke="#ddd0b8" stroke-width="2"><path d="M72 76v30M86 76v30M100 76v30M114 76v30M128 76v30M142 76v30M62 86h96M62 97h96" /></g>
    <g stroke="#b67b62" stroke-width="2"><path d="M68 110v30M84 110v30M100 110v30M116 110v30M132 110v30M148 110v30M56 120h108M56 131h108" /></g>`,
  blanket: svg`<path d="M56 58h108v82H56z" fill=${moss} /><path d="M56 76h108M56 122h108" stroke="#8b9b6c" stroke-width="6" /><path d="M78 58v82M142 58v82" stroke="#566540" stroke-width="5" />
    <path d="M60 140v12M72 140v12M84 140v12M96 140v12M108 140v12M120 140v12M132 140v12M144 140v12M156 140v12" stroke=${moss} stroke-width="3" />`,
  basket: svg`<path d="M54 82h112l-12 62c-1 5-5 8-10 8H76c-5 0-9-3-10-8z" fill="#c8a266" /><path d="M58 98h104M61 114h98M64 130h92" stroke="#a98448" stroke-width="3" stroke-dasharray="9 5" />
    <path d="M62 84c-8-30 22-30 22-6M158 84c8-30-22-30-22-6" fill="none" stroke="#a98448" stroke-width="6" />`,
  clock: svg`<circle cx="110" cy="96" r="54" fill=${wood} /><circle cx="110" cy="96" r="45" fill=${cream} />
    <path d="M110 96V64M110 96l24 14" stroke=${iron} stroke-width="5" stroke-linecap="round" /><circle cx="110" cy="96" r="4" fill=${clay} />
    <g stroke=${stone} stroke-width="3"><path d="M110 56v6M110 130v6M70 96h6M144 96h6" /></g>`,
  pot: svg`<path d="M70 92h80l-9 50c-1 6-4 8-10 8H89c-6 0-9-2-10-8z" fill=${clay} /><rect x="64" y="80" width="92" height="18" rx="4" fill="#c4744d" /><ellipse cx="110" cy="152" rx="46" ry="6" fill="#9c5434" />
    <g fill=${moss}><path d="M108 80C84 74 78 52 80 38c20 6 30 22 28 42zM112 80c24-6 30-26 30-40-20 4-32 20-30 40z" /><path d="M110 80c-8-22-4-42 2-54 8 12 10 34-2 54z" fill="#7d9059" /></g>`,
};

const other = svg`<rect x="62" y="62" width="96" height="84" rx="8" fill=${wood} /><path d="M62 88h96M110 62v84" stroke=${cream} stroke-width="5" />`;

/** The picture of a product on a coloured ground; `at` is its place in the grid. */
export function drawing(productId: string, at: number): TemplateResult {
  return html`<svg viewBox="0 0 220 190" aria-hidden="true" focusable="false">
    <rect width="220" height="190" fill="var(--tile-${(at % 4) + 1})" />
    <ellipse cx="110" cy="154" rx="74" ry="8" fill="#000" opacity="0.08" />
    ${drawings[productId] ?? other}
  </svg>`;
}

export function leaf(): TemplateResult {
  return html`<svg viewBox="0 0 24 24" width="28" height="28" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" aria-hidden="true">
    <path d="M12 22V4M12 8c-3 0-5-1.5-5.5-4M12 8c3 0 5-1.5 5.5-4M12 13c-4 0-6.5-1.5-7.5-4.500M12 13c4 0 6.5-1.5 7.5-4.500M12 18c-4 0-6.5-1-8-4M12 18c4 0 6.5-1 8-4" />
  </svg>`;
}
