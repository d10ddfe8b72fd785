import { html, LitElement } from "lit";
import { afterEach, expect, it } from "vitest";
import { KeepFocus } from "./keep-focus.ts";

class Sample extends LitElement {
  static override properties = { claimable: { type: Boolean } };
  claimable = true;
  readonly keep = new KeepFocus(this, () => this.shadowRoot?.querySelector("h2"));
  override render() {
    return html`<h2 tabindex="-1">Title</h2>${this.claimable ? html`<button>Claim</button>` : null}`;
  }
}
customElements.define("sample-keep-focus", Sample);

afterEach(() => document.body.replaceChildren());

it("moves the focus to the rescue when its button is redrawn away", async () => {
  const sample = document.body.appendChild(new Sample());
  await sample.updateComplete;
  sample.shadowRoot?.querySelector("button")?.focus();
  sample.claimable = false;
  await sample.updateComplete;
  expect(sample.shadowRoot?.activeElement?.tagName).toBe("H2");
});

it("leaves a focus that is elsewhere alone", async () => {
  const sample = document.body.appendChild(new Sample());
  const elsewhere = document.body.appendChild(document.createElement("input"));
  await sample.updateComplete;
  elsewhere.focus();
  sample.claimable = false;
  await sample.updateComplete;
  expect(document.activeElement).toBe(elsewhere);
});
