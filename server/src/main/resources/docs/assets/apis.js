"use strict";
const native = new URLSearchParams(location.search).get("api") === "native";
document.querySelectorAll("nav a")[native ? 1 : 0].setAttribute("aria-current", "page");
SwaggerUIBundle({
  dom_id: "#apis",
  url: native ? "/api/v1/openapi.json" : "/docs/dcs-openapi.json",
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  docExpansion: "list",
  // Tokens stay in this page and are not stored.
  persistAuthorization: false,
  // Nothing is sent to another site.
  validatorUrl: null,
  queryConfigEnabled: false,
});
