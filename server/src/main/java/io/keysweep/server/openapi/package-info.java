/** The description of the native API, kept by hand in {@code openapi/v1.yaml}. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.openapi;
