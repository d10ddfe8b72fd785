/** Every word the privacy centre says by itself, in English and Simplified Chinese. Words from the server come translated already. */
import en from "./copy.en.ts";
import zh from "./copy.zh.ts";
import type { ConsentState, AccessReportEntry, ErasedStore, Scope } from "../shared/api.ts";
import type { Language } from "../shared/language.ts";

export interface Copy {
  /** A label and what it is for, in one line. */
  labelled: (label: string, text: string) => string;
  title: string;
  intro: string;
  thisBrowser: string;
  signedInAs: (name: string) => string;
  back: string;
  newChat: string;
  ownPage: string;
  loading: string;
  loadFailed: string;
  retry: string;
  dismiss: string;
  tooLate: string;

  purposes: string;
  purposesText: string;
  gpcGeneral: string;
  gpcOff: string;
  on: string;
  off: string;
  holds: Record<Scope, (since: string, until: string) => string>;
  stands: Record<Exclude<ConsentState, "given">, string>;
  usedOnce: string;
  objected: string;
  object: string;
  objectText: string;
  signIn: string;
  more: string;
  whatFor: string;
  data: string;
  basis: string;
  keeps: string;
  recipients: string;
  nobodyElse: string;
  choiceFailed: string;

  necessary: string;
  necessaryText: string;

  stored: string;
  entries: (count: number) => string;
  nothing: string;
  nothingOf: (titles: string) => string;
  newest: (shown: number, total: number) => string;
  showAll: (count: number) => string;
  showFewer: string;
  correct: string;
  correctLabel: string;
  save: string;
  saving: string;
  cancel: string;
  corrected: string;
  correctFailed: string;

  looks: string;
  looksText: string;
  nobody: string;
  roles: Record<AccessReportEntry["role"], string>;
  forWhat: string;

  history: string;
  noChoices: string;
  scopes: Record<Scope, string>;
  until: (day: string) => string;
  receiptOf: string;
  records: string;

  take: string;
  takeText: string;
  asPage: string;
  asData: string;
  fetching: string;
  downloaded: (name: string) => string;
  downloadFailed: string;

  erase: string;
  eraseText: string;
  eraseThis: string;
  eraseOne: string;
  eraseAll: string;
  willGo: string;
  which: string;
  conversationOf: (begun: string, messages: number) => string;
  thisOne: string;
  withIt: string;
  allOfIt: string;
  stays: string;
  held: (begun: string, since: string, reason: string) => string;
  onHold: string;
  forGood: string;
  eraseNow: string;
  erasing: string;
  eraseFailed: string;

  receipt: string;
  receiptNumber: string;
  askedAt: string;
  doneAt: string;
  stillClearing: string;
  erasedConversations: string;
  keptConversation: (id: string, reason: string) => string;
  storeStates: Record<ErasedStore["state"], string>;
  keepReceipt: string;

  keeping: string;
  lastRun: (at: string) => string;
  neverRun: string;

  questions: string;
  controller: string;
  contact: string;
  officer: string;
  authority: string;
  notice: string;
  noticeVersion: (version: string) => string;
  noticeChanges: string;
  newTab: string;

  page: string;
  noVisit: string;
  noVisitText: string;
  allPolicies: string;
  otherLanguage: string;
}

export const copies: Record<Language, Copy> = { en, zh };
