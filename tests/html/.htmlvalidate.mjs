// All rules that html-validate recommends, with these exceptions:
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // Pages begin with "<!doctype html>"; the standard allows both, this house writes small letters.
    "doctype-style": ["error", { style: "lowercase" }],
    // The ticks of one filter share its name: that is how a form says "any of these".
    "form-dup-name": ["error", { shared: ["checkbox", "radio", "button", "submit"] }],
    // Numbers are kept whole by the style sheet; no-break spaces in them are copied along and break dialling.
    "tel-non-breaking": "off",
    // Template tags that show nothing leave blanks at the ends of lines; they are compressed away.
    "no-trailing-whitespace": "off",
    // The strict reader (tests/document.py) already asks every button for its type.
    "no-implicit-button-type": "off",
  },
};
