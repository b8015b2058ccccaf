/** Serves the description of the native API, which is written by hand in {@code openapi/v1.yaml}. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.openapi;
