/**
 * Serves the OpenAPI documents of the DCS API and the native API, which developers write by hand, and a page that shows
 * them.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.openapi;
