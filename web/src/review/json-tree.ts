/** JSON that can be opened and closed level by level. Property: `value`. */
import { css, html, LitElement, type TemplateResult } from "lit";
import { isRecord } from "../ui/http.ts";
import { parts, tokens } from "../ui/tokens.ts";

export class JsonTree extends LitElement {
  static override properties = { value: { attribute: false } };
  value: unknown = null;

  static override styles = [
    tokens,
    parts,
    css`
      :host {
        display: block;
        font: 400 0.8125rem/24px var(--mono);
        overflow-wrap: anywhere;
      }
      ul {
        margin: 0;
        padding-inline-start: 18px;
        list-style: none;
      }
      :host > ul {
        padding: 0;
      }
      summary {
        width: fit-content;
        margin-inline-start: -16px;
        border-radius: 4px;
        cursor: pointer;
      }
      details {
        padding-inline-start: 16px;
      }
      .key {
        color: var(--accent);
      }
      .size {
        color: var(--muted);
      }
      .text {
        color: var(--human);
        white-space: pre-wrap;
      }
      .other {
        color: var(--ai);
      }
    `,
  ];

  override render() {
    return children(this.value);
  }
}

function children(value: unknown): TemplateResult {
  const entries = Array.isArray(value) ? value.map((one, at): [string, unknown] => [String(at), one]) : Object.entries(value ?? {});
  return html`<ul>
    ${entries.map(([key, one]) => html`<li>${node(key, one)}</li>`)}
  </ul>`;
}

function node(key: string, value: unknown): TemplateResult {
  const label = html`<span class="key">${key}</span>:`;
  const size = Array.isArray(value) ? value.length : isRecord(value) ? Object.keys(value).length : 0;
  if (size === 0) return html`${label} ${leaf(value)}`;
  const shape = Array.isArray(value) ? `[ ${size} ]` : `{ ${size} }`;
  return html`<details>
    <summary>${label} <span class="size">${shape}</span></summary>
    ${children(value)}
  </details>`;
}

const leaf = (value: unknown): TemplateResult =>
  html`<span class=${typeof value === "string" ? "text" : "other"}>${JSON.stringify(value)}</span>`;

customElements.define("candor-json-tree", JsonTree);
