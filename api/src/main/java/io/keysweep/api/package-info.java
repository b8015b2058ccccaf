/** Defines the JSON records of the native API under {@code /api/v1}, which the server and the CLI share. */
@org.jspecify.annotations.NullMarked
package io.keysweep.api;
