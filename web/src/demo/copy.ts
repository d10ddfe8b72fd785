/** The sample shop's words. */
import type { Language } from "../shared/language.ts";

export interface Copy {
  title: string;
  headline: string;
  about: string;
  tryTitle: string;
  tries: string[];
  signIn: string;
  nobody: string;
  otherLanguage: string;
  inStock: string;
  outOfStock: string;
  failed: string;
  footer: string;
}

const en: Copy = {
  title: "Fern & Hale: things for the house",
  headline: "Good things for the house, made to stay.",
  about: "This shop is a demonstration: nothing is for sale, and its customers and orders are made up. The chat in the corner is real.",
  tryTitle: "What to try in the chat",
  tries: [
    "Sign in as a sample customer above, then ask: Where is my order?",
    "Say no thanks when it asks, and see that help goes on.",
    "Press Why? under an answer.",
    "Open Your privacy: see what is kept, download it, erase it.",
    "Ask for a human, at any time.",
  ],
  signIn: "Sign in as a sample customer",
  nobody: "Nobody",
  otherLanguage: "中文",
  inStock: "in stock",
  outOfStock: "out of stock",
  failed: "The products could not be fetched. Please reload the page.",
  footer: "Fern & Hale is invented. Its assistant is Candor.",
};

const zh: Copy = {
  title: "Fern & Hale：家居好物",
  headline: "经得起岁月的家居好物。",
  about: "这是一个演示商店：商品并不出售，顾客和订单都是虚构的。角落里的聊天是真实可用的。",
  tryTitle: "可以在聊天里试试",
  tries: [
    "先在上方以示例顾客登录，再问：我的订单到哪里了？",
    "当它询问时选择“不用了”，看看帮助是否照常进行。",
    "在回答下方点“为什么？”。",
    "打开“我的隐私”：查看、下载或删除保存的内容。",
    "随时可以要求转人工客服。",
  ],
  signIn: "以示例顾客登录",
  nobody: "不登录",
  otherLanguage: "English",
  inStock: "有货",
  outOfStock: "缺货",
  failed: "商品未能取得，请重新加载页面。",
  footer: "Fern & Hale 是虚构的商店，它的助手是 Candor。",
};

export const copies: Record<Language, Copy> = { en, zh };
