/** The page /privacy. */
import { languageOf } from "../shared/language.ts";
import { installPageStyles } from "../shared/tokens.ts";
import { takeHandedOver } from "./address.ts";
import { PrivacyPage } from "./page.ts";

installPageStyles();
const page = new PrivacyPage();
page.language = languageOf(navigator.language);
page.given = takeHandedOver();
document.body.append(page);

/** The chat may open the page again in the same tab. */
window.addEventListener("hashchange", () => {
  page.given = takeHandedOver() ?? page.given;
});
