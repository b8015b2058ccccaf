/** Serves the OpenAPI documents of both APIs, which developers write by hand, and a page that shows them. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.openapi;
