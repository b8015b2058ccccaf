/**
 * Reads the parts that all requests of the native API share: query parameters, JSON documents, entity tags and
 * idempotency keys.
 *
 * <p>Reading is strict: an unknown field or parameter is refused, because a misspelt one would silently have no effect.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.request;
