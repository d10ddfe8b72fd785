/** The linter's rules. Types and unused names are the compiler's to check (tsc, strict). */
import js from "@eslint/js";
import babel from "@babel/eslint-parser";
import { configs as lit } from "eslint-plugin-lit";
import a11y from "eslint-plugin-lit-a11y";

export default [
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  lit["flat/recommended"],
  {
    files: ["**/*.ts", "**/*.js"],
    languageOptions: {
      parser: babel,
      parserOptions: { requireConfigFile: false, babelOptions: { plugins: ["@babel/plugin-syntax-typescript"] } },
    },
    plugins: { "lit-a11y": a11y },
    rules: {
      ...a11y.configs.recommended.rules,
      "lit-a11y/no-redundant-role": "off", // without role="list" Safari drops the list that shows no bullets
      "lit-a11y/no-autofocus": "off", // it is used in dialogs, where it says what showModal() focuses
      "no-undef": "off",
      "no-unused-vars": "off",
      "no-redeclare": "off",
      "no-dupe-class-members": "off",
    },
  },
];
