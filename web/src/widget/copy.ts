/** Every word the widget says by itself, in English and Simplified Chinese. Words from the server come translated already. */

import type { Scope } from "../privacy/types.ts";
import type { ContestState } from "./conversation.ts";

export type Language = "en" | "zh";

export interface Copy {
  launcher: string;
  closeChat: string;
  unread: (count: number) => string;
  chatWith: (company: string) => string;
  assistantOf: (company: string) => string;
  assistant: string;
  aiTag: string;
  aiLine: string;
  humanLine: string;
  person: (name: string) => string;
  aPerson: string;
  humanTag: string;
  you: string;
  system: string;
  says: (who: string, text: string) => string;
  human: string;
  waitingShort: string;
  privacy: string;
  conversation: string;
  starting: string;
  write: string;
  writeLabel: string;
  locked: string;
  send: string;
  left: (count: number) => string;
  tooLong: (count: number) => string;
  sending: string;
  notSent: string;
  retry: string;
  discard: string;
  working: string;
  cannotAnswer: string;
  why: string;
  whyHide: string;
  whyLoading: string;
  whyFailed: string;
  check: string;
  checkText: string;
  checkReason: string;
  checkAddress: string;
  checkFailed: string;
  checked: Record<ContestState, string>;
  cancel: string;
  consentTitle: string;
  consentWhat: string;
  consentWhy: string;
  consentUntil: string;
  consentHowLong: string;
  allow: string;
  refuse: string;
  given: Record<Scope, (until: string) => string>;
  refused: string;
  withdrawn: string;
  paused: string;
  expired: string;
  usedOnce: string;
  invalidated: string;
  gpcOff: string;
  answered: string;
  withdraw: string;
  mergeTitle: string;
  mergeText: string;
  keep: string;
  leave: string;
  mergeStates: Record<"given" | "refused" | "withdrawn", string>;
  erased: string;
  newChat: string;
  waiting: string;
  waitingPosition: (position: number) => string;
  stopWaiting: string;
  nobodyCame: string;
  nobodyCameText: string;
  contactLabel: string;
  contactInvalid: string;
  contactSend: string;
  offline: string;
  reconnecting: string;
  unreachable: string;
  humanFailed: string;
  choiceFailed: string;
  contactFailed: string;
  startedAnew: string;
  otherCustomer: string;
  keptMessage: string;
  notNow: string;
  dismiss: string;
}

const en: Copy = {
  launcher: "Ask us",
  closeChat: "Close the chat",
  unread: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  chatWith: (company) => (company ? `Chat with ${company}` : "Chat"),
  assistantOf: (company) => (company ? `AI assistant of ${company}` : "AI assistant"),
  assistant: "Assistant",
  aiTag: "AI",
  aiLine: "Not a person",
  humanLine: "The AI is silent meanwhile",
  person: (name) => (name ? `${name}, a person` : "A person"),
  aPerson: "A person",
  humanTag: "Human",
  you: "You",
  system: "System",
  says: (who, text) => `${who}: ${text}`,
  human: "Talk to a human",
  waitingShort: "A person has been asked",
  privacy: "Your privacy",
  conversation: "Conversation",
  starting: "Starting the chat…",
  write: "Write a message",
  writeLabel: "Your message",
  locked: "One moment…",
  send: "Send",
  left: (count) => (count === 1 ? "1 character left" : `${count} characters left`),
  tooLong: (count) => `${count} characters too many`,
  sending: "Sending…",
  notSent: "Not sent",
  retry: "Try again",
  discard: "Remove",
  working: "The assistant is working on it",
  cannotAnswer: "The assistant cannot answer now",
  why: "Why?",
  whyHide: "Hide why",
  whyLoading: "One moment…",
  whyFailed: "The reason could not be fetched. Please try again.",
  check: "Have a human check this",
  checkText: "A person will look at this answer and tell you here what came of it. You need not give anything below.",
  checkReason: "What seems wrong (optional)",
  checkAddress: "E-mail or phone, to be written to as well (optional)",
  checkFailed: "Your request could not be passed on. Please try again.",
  checked: {
    open: "A person will check this answer.",
    upheld: "A person checked this answer: it stands.",
    overturned: "A person checked this answer: it was wrong.",
  },
  cancel: "Cancel",
  consentTitle: "May we use this?",
  consentWhat: "What",
  consentWhy: "What for",
  consentUntil: "Until",
  consentHowLong: "For how long",
  allow: "Allow",
  refuse: "No thanks",
  given: {
    once: () => "You allowed this once.",
    conversation: (until) => `You allowed this in this conversation, at the latest until ${until}.`,
    until_withdrawn: (until) => `You allowed this until you take it back, at the latest until ${until}.`,
  },
  refused: "You said no thanks. We do not look.",
  withdrawn: "You took this back. We no longer look.",
  paused: "Paused. We do not look until you say what you want.",
  expired: "This has run out. We no longer look.",
  usedOnce: "Used this once. We no longer look.",
  invalidated: "What we ask for has changed, so your earlier yes no longer counts.",
  gpcOff: "Off, because your browser asks for it (Global Privacy Control). We honour that.",
  answered: "This question is closed.",
  withdraw: "Take it back",
  mergeTitle: "Keep the choices you made before you signed in?",
  mergeText: "Keep: they hold on all your devices. Leave them: they stay where you made them.",
  keep: "Keep",
  leave: "Leave them",
  mergeStates: { given: "Allowed", refused: "No thanks", withdrawn: "Taken back" },
  erased: "The conversation is erased. Nothing of it is kept in this browser.",
  newChat: "Start a new chat",
  waiting: "Waiting for a person.",
  waitingPosition: (position) => (position <= 1 ? "You are next." : `You are number ${position} in line.`),
  stopWaiting: "Stop waiting",
  nobodyCame: "Leave an address, if you like",
  nobodyCameText: "A person will get back to you there. It is used for nothing else.",
  contactLabel: "E-mail or phone",
  contactInvalid: "Please enter an e-mail address or a phone number.",
  contactSend: "Leave it",
  offline: "You are offline. What you write is kept and sent when you are back.",
  reconnecting: "Connecting again…",
  unreachable: "We cannot be reached right now. We keep trying.",
  humanFailed: "Your request could not be passed on. Please try again.",
  choiceFailed: "Your choice could not be saved. Please try again.",
  contactFailed: "Your address could not be saved. Please try again.",
  otherCustomer: "You signed in as someone else, so this is a new conversation.",
  keptMessage: "Your message is kept. You can talk to a human, or wait here.",
  notNow: "Not now",
  startedAnew: "Your earlier conversation is no longer here, so this is a new one.",
  dismiss: "Close this note",
};

const zh: Copy = {
  launcher: "咨询我们",
  closeChat: "关闭聊天",
  unread: (count) => `${count} 条新消息`,
  chatWith: (company) => (company ? `与 ${company} 聊天` : "聊天"),
  assistantOf: (company) => (company ? `${company} 的 AI 助手` : "AI 助手"),
  assistant: "助手",
  aiTag: "AI",
  aiLine: "不是真人",
  humanLine: "AI 此时不发言",
  person: (name) => (name ? `${name}（真人）` : "真人客服"),
  aPerson: "真人客服",
  humanTag: "真人",
  you: "您",
  system: "系统",
  says: (who, text) => `${who}：${text}`,
  human: "转人工客服",
  waitingShort: "已请真人客服过来",
  privacy: "我的隐私",
  conversation: "对话",
  starting: "正在打开聊天…",
  write: "输入消息",
  writeLabel: "您的消息",
  locked: "请稍候…",
  send: "发送",
  left: (count) => `还可输入 ${count} 个字`,
  tooLong: (count) => `超出 ${count} 个字`,
  sending: "正在发送…",
  notSent: "未发送",
  retry: "重试",
  discard: "移除",
  working: "助手正在处理",
  cannotAnswer: "助手现在无法回答",
  why: "为什么？",
  whyHide: "收起原因",
  whyLoading: "请稍候…",
  whyFailed: "暂时无法取得原因，请重试。",
  check: "请人工检查",
  checkText: "工作人员会查看这条回答，并在这里告诉您结果。以下内容可以不填。",
  checkReason: "您觉得哪里有问题（可不填）",
  checkAddress: "电子邮箱或电话，结果也可发到这里（可不填）",
  checkFailed: "您的请求没有送达，请重试。",
  checked: {
    open: "工作人员会检查这条回答。",
    upheld: "工作人员已检查这条回答：仍然成立。",
    overturned: "工作人员已检查这条回答：有误。",
  },
  cancel: "取消",
  consentTitle: "可以使用这些信息吗？",
  consentWhat: "内容",
  consentWhy: "用途",
  consentUntil: "有效期至",
  consentHowLong: "多长时间",
  allow: "允许",
  refuse: "不用了",
  given: {
    once: () => "您已允许使用一次。",
    conversation: (until) => `您已允许在本次对话中使用，最晚到${until}。`,
    until_withdrawn: (until) => `您已允许使用，直到您收回，最晚到${until}。`,
  },
  refused: "您选择了不用。我们不会查看。",
  withdrawn: "您已收回。我们不再查看。",
  paused: "已暂停。在您说明之前，我们不会查看。",
  expired: "已到期。我们不再查看。",
  usedOnce: "已使用这一次。我们不再查看。",
  invalidated: "我们请求的内容有变，您之前的允许不再有效。",
  gpcOff: "已关闭，因为您的浏览器提出了要求（Global Privacy Control）。我们尊重这一要求。",
  answered: "这个问题已结束。",
  withdraw: "收回",
  mergeTitle: "要保留您登录前作的选择吗？",
  mergeText: "保留：在您所有的设备上有效。不保留：只在原来的地方有效。",
  keep: "保留",
  leave: "不保留",
  mergeStates: { given: "允许", refused: "不用了", withdrawn: "已收回" },
  erased: "对话已删除，此浏览器中没有保留任何内容。",
  newChat: "开始新的聊天",
  waiting: "正在等待真人客服。",
  waitingPosition: (position) => (position <= 1 ? "下一位就是您。" : `您排在第 ${position} 位。`),
  stopWaiting: "不再等待",
  nobodyCame: "您可以留下联系方式",
  nobodyCameText: "真人客服会通过它与您联系，不作其他用途。",
  contactLabel: "电子邮箱或电话",
  contactInvalid: "请输入电子邮箱或电话号码。",
  contactSend: "留下",
  offline: "您已离线。您写的内容会保留，恢复连接后发送。",
  reconnecting: "正在重新连接…",
  unreachable: "现在无法连接到我们。我们会继续尝试。",
  humanFailed: "您的请求没有送达，请重试。",
  choiceFailed: "您的选择没有保存，请重试。",
  contactFailed: "您的联系方式没有保存，请重试。",
  otherCustomer: "您已换了账户登录，因此开始了新的对话。",
  keptMessage: "您的消息已保留。您可以转人工客服，也可以在此等候。",
  notNow: "暂不",
  startedAnew: "之前的对话已不在这里，因此开始了新的对话。",
  dismiss: "关闭提示",
};

export const copies: Record<Language, Copy> = { en, zh };

/** The widget's language for a BCP 47 tag such as `zh-CN`; English for every language it does not speak. */
export function languageOf(tag: string | null | undefined): Language {
  return tag?.trim().toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The `lang` a text needs when it is not in `language`: Chinese characters make it Chinese, Latin letters alone English. */
export function otherLanguage(text: string, language: Language): Language | null {
  const guess: Language | null = /\p{Script=Han}/u.test(text) ? "zh" : /\p{Script=Latin}{2}/u.test(text) ? "en" : null;
  return guess && guess !== language ? guess : null;
}
