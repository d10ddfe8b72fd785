/** JSON that can be opened and closed level by level. Property: `value`. */
import { html, LitElement, type TemplateResult } from "lit";
import { define } from "../shared/element.ts";
import { isRecord } from "../shared/http.ts";
import { parts } from "../shared/parts.styles.ts";
import { styles } from "./json-tree.styles.ts";

export class JsonTree extends LitElement {
  static override properties = { value: { attribute: false } };
  value: unknown = null;

  static override styles = [parts, styles];

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

define("candor-json-tree", JsonTree);
