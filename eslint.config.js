// What eslint watches over: the rules that find faults. How the code looks is prettier's.

import js from "@eslint/js";
import noUnsanitized from "eslint-plugin-no-unsanitized";
import globals from "globals";

const SAFE_NAMES = "Texts of a server or a learner become text, never markup: use el() and textContent.";

export default [
  { ignores: [".venv/"] },
  js.configs.recommended,
  noUnsanitized.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      eqeqeq: "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-eval": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-shadow": ["error", { builtinGlobals: false }],
      "no-throw-literal": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: true }],
      "no-self-compare": "error",
      "no-constructor-return": "error",
      "no-promise-executor-return": "off",
      "array-callback-return": "error",
      "default-case-last": "error",
      "no-template-curly-in-string": "error",
      "no-unreachable-loop": "error",
      "no-loop-func": "error",
      "no-script-url": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "CallExpression[callee.property.name='insertAdjacentHTML']", message: SAFE_NAMES },
      ],
    },
  },
  { files: ["assets/**/*.js"], languageOptions: { globals: globals.browser } },
  {
    files: ["assets/shared/boot.js"], // its CONFIG is put in by the server, the module's address in it
    languageOptions: { globals: { __CONFIG__: "readonly" } },
    rules: { "no-unsanitized/method": "off" },
  },
  { files: ["tests/**/*.js"], languageOptions: { globals: globals.node } },
];
