/** The languages that visitors are served in. */

export type Language = "en" | "zh";

/** The widget's language for a BCP 47 tag such as `zh-CN`; English for every language it does not speak. */
export function languageOf(tag: string | null | undefined): Language {
  return tag?.trim().toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The `lang` a text needs when it is not in `language`: Chinese characters make it Chinese, Latin letters alone English. */
export function otherLanguage(text: string, language: Language): Language | null {
  const guess: Language | null = /\p{Script=Han}/u.test(text) ? "zh" : /\p{Script=Latin}{2}/u.test(text) ? "en" : null;
  return guess && guess !== language ? guess : null;
}
