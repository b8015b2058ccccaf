/** Serves the OpenAPI description of the native API; developers write it by hand in {@code openapi/v1.yaml}. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.openapi;
