/** Every word the privacy centre says by itself, in English and Simplified Chinese. Words from the server come translated already. */
import type { Language } from "../widget/copy.ts";
import type { ConsentState, Look, ReceiptStore, Scope } from "./types.ts";

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
  roles: Record<Look["role"], string>;
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
  storeStates: Record<ReceiptStore["state"], string>;
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

const en: Copy = {
  labelled: (label, text) => `${label}: ${text}`,
  title: "Your privacy",
  intro: "See what this chat keeps about you, decide what may be used, take it with you or erase it. The chat goes on either way.",
  thisBrowser: "This is about the chat in this browser. While you are signed in at the shop, it shows your chats on other devices as well.",
  signedInAs: (name) => `You are signed in as ${name}: this is about your chats on all devices.`,
  back: "Back to the chat",
  newChat: "Start a new chat",
  ownPage: "Open as a page",
  loading: "One moment…",
  loadFailed: "This could not be fetched. Please try again.",
  retry: "Try again",
  dismiss: "Close this note",
  tooLate: "This conversation is no longer here, so there is nothing to show.",

  purposes: "What may be used",
  purposesText: "Off means that we do not look. One press turns it on, one press turns it off.",
  gpcGeneral: "Your browser asks sites not to share or personalise (Global Privacy Control). We honour that: what it covers stays off unless you turn it on here yourself.",
  gpcOff: "Off, because your browser asks for it (Global Privacy Control). We honour that.",
  on: "On",
  off: "Off",
  holds: {
    once: (since) => `On since ${since}, for one answer.`,
    conversation: (since, until) => `On since ${since}, in this conversation only; at the latest until ${until}.`,
    until_withdrawn: (since, until) => `On since ${since}, until you turn it off; at the latest until ${until}.`,
  },
  stands: {
    none: "Off.",
    requested: "Off. You were asked and have not answered.",
    refused: "Off. You said no thanks.",
    withdrawn: "Off. You took it back.",
    paused: "Paused. You seemed to take it back; turn it on or off.",
    expired: "Off. It has run out.",
    invalidated: "Off. What we ask for has changed, so your earlier yes no longer counts.",
  },
  usedOnce: "Off. It was used once, as you said.",
  objected: "Off. You objected, so we do not bring it up again. To undo that, turn it on.",
  object: "Object to recommendations",
  objectText: "No recommendations from what you bought or looked at, and we do not bring it up again.",
  signIn: "Works only while you are signed in at the shop.",
  more: "What is read, legal basis, how long",
  whatFor: "What for",
  data: "What is read",
  basis: "Legal basis",
  keeps: "How long it is kept",
  recipients: "Who else gets it",
  nobodyElse: "Nobody",
  choiceFailed: "Your choice could not be saved. Please try again.",

  necessary: "What is always needed",
  necessaryText: "The chat cannot work without these. So they are explained here, and not asked.",

  stored: "What is stored",
  entries: (count) => (count === 1 ? "1 entry" : `${count} entries`),
  nothing: "Nothing",
  nothingOf: (titles) => `Nothing is stored here: ${titles}`,
  newest: (shown, total) => `These are the newest ${shown} of ${total}. The download below has all of them.`,
  showAll: (count) => `Show all ${count}`,
  showFewer: "Show fewer",
  correct: "Correct this",
  correctLabel: "E-mail or phone, as it should be",
  save: "Save",
  saving: "Saving…",
  cancel: "Cancel",
  corrected: "Corrected.",
  correctFailed: "This could not be saved. Please try again.",

  looks: "Who looked, and why",
  looksText: "People who looked at what is about you, and each time you let the assistant read something.",
  nobody: "Nobody has looked.",
  roles: { agent: "Support", reviewer: "Reviewer", operator: "Operator", system: "AI" },
  forWhat: "Why",

  history: "Your choices so far",
  noChoices: "You have not chosen anything yet.",
  scopes: { once: "just this once", conversation: "in that conversation", until_withdrawn: "until you take it back" },
  until: (day) => `at the latest until ${day}`,
  receiptOf: "Receipt",
  records: "All of these as consent records (JSON-LD)",

  take: "Take it with you",
  takeText: "Everything that is kept about you here, complete, with who wrote what and all your choices.",
  asPage: "Download to read (HTML)",
  asData: "Download as data (JSON)",
  fetching: "Fetching the file…",
  downloaded: (name) => `Downloaded: ${name}`,
  downloadFailed: "The file could not be fetched. Please try again.",

  erase: "Erase",
  eraseText: "At any time, without a reason. You get a receipt that says what was removed where.",
  eraseThis: "Erase this conversation",
  eraseOne: "Erase one conversation",
  eraseAll: "Erase everything",
  willGo: "What will go",
  which: "Which conversation",
  conversationOf: (begun, messages) => `${begun}, ${messages === 1 ? "1 message" : `${messages} messages`}`,
  thisOne: "this one",
  withIt: "Everything kept with it: decisions and their reasons, addresses and numbers, requests for a person, what the assistant's engine remembers",
  allOfIt: "Everything kept with them, and your name and customer number in this chat",
  stays: "What stays: that there was a conversation, a choice or a decision, when, and how it ended, under a number that leads to nobody.",
  held: (begun, since, reason) => `The conversation of ${begun} stays for now. It is on legal hold since ${since}: ${reason}`,
  onHold: "This conversation cannot be erased at the moment.",
  forGood: "It cannot be brought back.",
  eraseNow: "Erase",
  erasing: "Erasing…",
  eraseFailed: "It could not be erased just now. Please try again.",

  receipt: "Receipt of the erasure",
  receiptNumber: "Receipt",
  askedAt: "Asked",
  doneAt: "Finished",
  stillClearing: "in a moment",
  erasedConversations: "Conversations erased",
  keptConversation: (id, reason) => `${id} stays for now, on legal hold: ${reason}`,
  storeStates: { done: "Done", pending: "Under way", kept: "Kept for now" },
  keepReceipt: "Download it if you like to keep it. Once you leave here, nobody can fetch it again.",

  keeping: "How long it is kept",
  lastRun: (at) => `What had been kept long enough was last cleared on ${at}.`,
  neverRun: "What has been kept long enough is cleared every hour; that has not been needed yet.",

  questions: "Questions, complaints, privacy notice",
  controller: "Who answers for it",
  contact: "Contact",
  officer: "Data protection officer",
  authority: "Authority",
  notice: "Privacy notice",
  noticeVersion: (version) => `Version ${version}`,
  noticeChanges: "What has changed in it",
  newTab: "opens a new tab",

  page: "Privacy centre",
  noVisit: "Open this page from the chat",
  noVisitText:
    "This page keeps nothing, so it does not know whose data to show. Open the chat on the shop's page, choose “Your privacy” and then “Open as a page”.",
  allPolicies: "Privacy notice, all versions",
  otherLanguage: "中文",
};

const zh: Copy = {
  labelled: (label, text) => `${label}：${text}`,
  title: "我的隐私",
  intro: "在这里查看本聊天保存的关于您的内容，决定哪些可以使用，也可以下载或删除。无论怎样选择，聊天都会继续。",
  thisBrowser: "这里显示此浏览器中的聊天。您在商店登录时，还会显示您在其他设备上的聊天。",
  signedInAs: (name) => `您已以 ${name} 的身份登录，这里显示您在所有设备上的聊天。`,
  back: "返回聊天",
  newChat: "开始新的聊天",
  ownPage: "在网页中打开",
  loading: "请稍候…",
  loadFailed: "暂时无法取得内容，请重试。",
  retry: "重试",
  dismiss: "关闭提示",
  tooLate: "这个对话已不在这里，没有可显示的内容。",

  purposes: "可以使用哪些内容",
  purposesText: "关闭表示我们不会查看。按一下打开，再按一下关闭。",
  gpcGeneral: "您的浏览器要求网站不分享、不做个性化（Global Privacy Control，全球隐私控制）。我们尊重这一要求：相关内容保持关闭，除非您自己在这里打开。",
  gpcOff: "已关闭，因为您的浏览器提出了要求（Global Privacy Control）。我们尊重这一要求。",
  on: "开",
  off: "关",
  holds: {
    once: (since) => `${since}起开启，仅用于一次回答。`,
    conversation: (since, until) => `${since}起开启，仅限本次对话，最晚到${until}。`,
    until_withdrawn: (since, until) => `${since}起开启，直到您关闭，最晚到${until}。`,
  },
  stands: {
    none: "已关闭。",
    requested: "已关闭。我们询问过您，您还没有回答。",
    refused: "已关闭。您选择了不用。",
    withdrawn: "已关闭。您已收回。",
    paused: "已暂停。您似乎想收回；请打开或关闭。",
    expired: "已关闭。已经到期。",
    invalidated: "已关闭。我们请求的内容有变，您之前的允许不再有效。",
  },
  usedOnce: "已关闭。已按您所说使用了一次。",
  objected: "已关闭。您已拒绝，我们不会再提起。如要取消，打开开关即可。",
  object: "拒绝推荐",
  objectText: "不再根据您买过或看过的商品推荐，我们也不会再提起。",
  signIn: "只有您在商店登录时才起作用。",
  more: "读取内容、法律依据、保存期限",
  whatFor: "用途",
  data: "读取的内容",
  basis: "法律依据",
  keeps: "保存期限",
  recipients: "还会提供给谁",
  nobodyElse: "没有其他人",
  choiceFailed: "您的选择没有保存，请重试。",

  necessary: "始终需要的内容",
  necessaryText: "没有这些，聊天无法进行。因此在这里说明，而不逐项询问。",

  stored: "保存了哪些内容",
  entries: (count) => `${count} 项`,
  nothing: "没有内容",
  nothingOf: (titles) => `以下各类没有保存任何内容：${titles}`,
  newest: (shown, total) => `这里是 ${total} 项中最新的 ${shown} 项，下载的文件中有全部内容。`,
  showAll: (count) => `显示全部 ${count} 项`,
  showFewer: "收起",
  correct: "更正",
  correctLabel: "正确的邮箱或电话",
  save: "保存",
  saving: "正在保存…",
  cancel: "取消",
  corrected: "已更正。",
  correctFailed: "没有保存成功，请重试。",

  looks: "谁查看过，为什么",
  looksText: "查看过您相关内容的人，以及您每次允许助手读取的内容。",
  nobody: "没有人查看过。",
  roles: { agent: "客服", reviewer: "审核人员", operator: "运营人员", system: "AI" },
  forWhat: "原因",

  history: "您作过的选择",
  noChoices: "您还没有作过选择。",
  scopes: { once: "仅此一次", conversation: "仅在那次对话中", until_withdrawn: "直到您收回" },
  until: (day) => `最晚到${day}`,
  receiptOf: "回执",
  records: "全部同意记录 (JSON-LD)",

  take: "下载您的数据",
  takeText: "这里保存的关于您的全部内容，包括每条内容由谁所写，以及您的所有选择。",
  asPage: "下载阅读版 (HTML)",
  asData: "下载数据版 (JSON)",
  fetching: "正在取得文件…",
  downloaded: (name) => `已下载：${name}`,
  downloadFailed: "暂时无法取得文件，请重试。",

  erase: "删除",
  eraseText: "随时可以，不需要理由。您会得到一份回执，写明各处移除了什么。",
  eraseThis: "删除这个对话",
  eraseOne: "删除一个对话",
  eraseAll: "删除全部内容",
  willGo: "将删除的内容",
  which: "哪个对话",
  conversationOf: (begun, messages) => `${begun}，${messages} 条消息`,
  thisOne: "当前对话",
  withIt: "与它一起保存的全部内容：决定及其原因、地址和号码、人工客服请求、助手引擎记住的内容",
  allOfIt: "与它们一起保存的全部内容，以及您在本聊天中的姓名和客户编号",
  stays: "会留下的只有：曾有一次对话、选择或决定，它的时间和结果，记在一个不再指向任何人的编号之下。",
  held: (begun, since, reason) => `${begun}的对话暂时保留。自${since}起对其设置了法律保全：${reason}`,
  onHold: "这个对话目前不能删除。",
  forGood: "删除后无法恢复。",
  eraseNow: "删除",
  erasing: "正在删除…",
  eraseFailed: "暂时无法删除，请重试。",

  receipt: "删除回执",
  receiptNumber: "回执编号",
  askedAt: "请求时间",
  doneAt: "完成时间",
  stillClearing: "片刻之后",
  erasedConversations: "已删除的对话",
  keptConversation: (id, reason) => `${id} 因法律保全暂时保留：${reason}`,
  storeStates: { done: "已完成", pending: "进行中", kept: "暂时保留" },
  keepReceipt: "如果想保留这份回执，请下载。离开这里后，任何人都无法再取得它。",

  keeping: "保存多久",
  lastRun: (at) => `上一次清理到期内容的时间：${at}。`,
  neverRun: "到期内容每小时清理一次，目前还没有需要清理的内容。",

  questions: "疑问、投诉与隐私声明",
  controller: "数据控制者",
  contact: "联系方式",
  officer: "数据保护官",
  authority: "监管机构",
  notice: "隐私声明",
  noticeVersion: (version) => `版本 ${version}`,
  noticeChanges: "有哪些变更",
  newTab: "在新标签页中打开",

  page: "隐私中心",
  noVisit: "请从聊天中打开此页面",
  noVisitText: "此页面不保存任何内容，因此不知道应该显示谁的数据。请在商店页面打开聊天，选择“我的隐私”，再选择“在网页中打开”。",
  allPolicies: "隐私声明的所有版本",
  otherLanguage: "English",
};

export const copies: Record<Language, Copy> = { en, zh };
