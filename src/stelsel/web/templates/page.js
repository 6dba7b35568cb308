// Shows the page in the other language. Nothing is remembered and nothing is fetched.
(function () {
  "use strict";
  function show(lang) {
    document.documentElement.lang = lang;
    document.querySelectorAll("[data-lang]").forEach(function (part) {
      part.hidden = part.dataset.lang !== lang;
    });
    document.title = document.getElementById(lang).dataset.title;
  }
  document.querySelectorAll(".switch").forEach(function (button) {
    button.addEventListener("click", function () {
      show(button.dataset.to);
      document.querySelector(".switch:not([hidden])").focus();
    });
  });
  show(document.documentElement.lang);
})();
