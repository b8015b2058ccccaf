/** Describes both APIs by OpenAPI documents, which developers write by hand, and by a page that shows them. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.openapi;
