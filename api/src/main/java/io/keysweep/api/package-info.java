/** Wire records of the native API under {@code /api/v1}, shared by server and CLI, and the request signature. */
@org.jspecify.annotations.NullMarked
package io.keysweep.api;
