/** What the privacy centre only explains: what is always needed, how long things are kept, whom to ask. */
import { html, nothing, type TemplateResult } from "lit";
import type { PrivacyOverview } from "../shared/api.ts";
import type { Language } from "../shared/language.ts";
import { linked } from "../shared/text.ts";
import { moment } from "../shared/times.ts";
import type { Copy } from "./copy.ts";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function necessary({ necessary }: PrivacyOverview, copy: Copy): TemplateResult {
  return html`<p class="soft">${copy.necessaryText}</p>
    <ul class="listed" role="list">
      ${necessary.map(
        ({ title, why, lawful_basis }) => html`<li>
          <p><strong>${title}</strong></p>
          <p class="soft">${why}</p>
          <p class="soft">${copy.labelled(copy.basis, lawful_basis)}</p>
        </li>`,
      )}
    </ul>`;
}

export function keeping({ stored, retention }: PrivacyOverview, copy: Copy, language: Language): TemplateResult {
  return html`<dl class="keeping">
      ${stored.map(({ title, kept }) => html`<dt>${title}</dt><dd>${kept}</dd>`)}
    </dl>
    <p class="soft after">${retention.last_run ? copy.lastRun(moment(retention.last_run, language)) : copy.neverRun}</p>`;
}

/** `address` makes a path of the gateway's into an address. */
export function questions({ controller, policy, rights }: PrivacyOverview, copy: Copy, address: (path: string) => string): TemplateResult {
  return html`<dl>
      <dt>${copy.controller}</dt>
      <dd>${controller.name}<br />${controller.address}</dd>
      <dt>${copy.contact}</dt>
      <dd>${reachable(controller.contact)}</dd>
      <dt>${copy.officer}</dt>
      <dd>${reachable(controller.data_protection_officer)}</dd>
      <dt>${copy.authority}</dt>
      <dd>${reachable(controller.authority)}</dd>
      <dt>${copy.notice}</dt>
      <dd>
        ${elsewhere(address(policy.url), copy.noticeVersion(policy.version), copy)}
        ${policy.changes_url ? html`<br />${elsewhere(address(policy.changes_url), copy.noticeChanges, copy)}` : nothing}
      </dd>
    </dl>
    <p class="soft after">${rights}</p>`;
}

/** An e-mail address can be written to, a web address opened. */
function reachable(text: string): unknown {
  return EMAIL.test(text) ? html`<a href="mailto:${text}">${text}</a>` : linked(text);
}

function elsewhere(url: string, label: string, copy: Copy): TemplateResult {
  return html`<a href=${url} target="_blank" rel="noopener noreferrer">${label}<span class="hidden"> (${copy.newTab})</span></a>`;
}
