/**
 * The sample shop: shows its products and does for the widget what a real shop does, telling it who is signed in.
 * `?lang=zh` shows it in Chinese, `?customer=…` keeps the sample customer over a reload; nothing is stored on the device.
 */
import { html, nothing, render, type TemplateResult } from "lit";
import type { DemoCustomer, DemoIdentity, DemoProduct } from "../shared/api.ts";
import { call } from "../shared/http.ts";
import type { Language } from "../shared/language.ts";
import type { Candor } from "../widget/index.ts";
import { copies, type Copy } from "./copy.ts";
import { drawing, leaf } from "./drawings.ts";

const address = new URL(location.href);
const language: Language = address.searchParams.get("lang")?.startsWith("zh") ? "zh" : "en";
const copy: Copy = copies[language];
const shop = {
  products: [] as DemoProduct[],
  customers: [] as DemoCustomer[],
  customer: address.searchParams.get("customer") ?? "",
  failed: false,
};

document.documentElement.lang = language === "zh" ? "zh-Hans" : "en"; // before the widget's script reads it
document.title = copy.title;
window.addEventListener("candor:ready", tellWidget);
draw();
void load();

async function load(): Promise<void> {
  try {
    [shop.products, shop.customers] = await Promise.all([
      call<DemoProduct[]>("GET", "/demo/products"),
      call<DemoCustomer[]>("GET", "/demo/customers"),
    ]);
  } catch {
    shop.failed = true;
  }
  draw();
}

/** The widget gets a function, so that a token is made when it is needed and never too old. */
function tellWidget(): void {
  const { customer } = shop;
  widget()?.identify(customer ? () => identityToken(customer) : null);
}

function widget(): Candor | undefined {
  return window.candor;
}

async function identityToken(customer: string): Promise<string> {
  const body = { customer_id: customer };
  return (await call<DemoIdentity>("POST", "/demo/sign-in", { body })).identity_token;
}

function signInAs(customer: string): void {
  shop.customer = customer;
  if (customer) address.searchParams.set("customer", customer);
  else address.searchParams.delete("customer");
  history.replaceState(null, "", address);
  tellWidget();
  draw();
}

function draw(): void {
  render(page(), document.querySelector<HTMLElement>("#shop") ?? document.body);
}

function page(): TemplateResult {
  return html`<header class="wide">
      <div class="brand">${leaf()}<span>Fern &amp; Hale</span></div>
      ${account()}
    </header>
    <main>
      <div class="wide hero">
        <h1>${copy.headline}</h1>
        <div>
          <p>${copy.about}</p>
          <details class="try" open>
            <summary>${copy.tryTitle}</summary>
            <ul>
              ${copy.tries.map((line) => html`<li>${line}</li>`)}
            </ul>
          </details>
        </div>
      </div>
      ${shop.failed ? html`<p class="wide" role="alert">${copy.failed}</p>` : nothing}
      <ul class="wide grid">
        ${shop.products.map(product)}
      </ul>
    </main>
    <footer><div class="wide">${copy.footer}</div></footer>`;
}

function account(): TemplateResult {
  const other = language === "en" ? "zh" : "en";
  const link = new URL(address);
  link.searchParams.set("lang", other);
  return html`<div class="account">
    <label>
      ${copy.signIn}
      <select @change=${(event: Event) => signInAs((event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${!shop.customer}>${copy.nobody}</option>
        ${shop.customers.map(
          ({ customer_id, name, note }) =>
            html`<option value=${customer_id} ?selected=${customer_id === shop.customer}>${name} · ${note}</option>`,
        )}
      </select>
    </label>
    <a href=${link.href} lang=${other} hreflang=${other}>${copy.otherLanguage}</a>
  </div>`;
}

function product({ product_id, names, descriptions, price_cents, stock }: DemoProduct, at: number): TemplateResult {
  const price = (price_cents / 100).toLocaleString(language, { style: "currency", currency: "EUR" });
  return html`<li>
    <span class="picture">${drawing(product_id, at)}</span>
    <h2>${names[language] ?? names["en"]}</h2>
    <p class="about">${descriptions[language] ?? descriptions["en"]}</p>
    <p class="price">${price} <span>· ${stock > 0 ? copy.inStock : copy.outOfStock}</span></p>
  </li>`;
}
