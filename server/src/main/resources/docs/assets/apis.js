"use strict";
SwaggerUIBundle({
  dom_id: "#apis",
  urls: [
    {name: "DCS API", url: "/docs/dcs-openapi.json"},
    {name: "Native API", url: "/api/v1/openapi.json"},
  ],
  layout: "StandaloneLayout",
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  deepLinking: true,
  docExpansion: "list",
  // Tokens stay in this page and are not stored.
  persistAuthorization: false,
  // Nothing is sent to another site.
  validatorUrl: null,
  queryConfigEnabled: false,
});
