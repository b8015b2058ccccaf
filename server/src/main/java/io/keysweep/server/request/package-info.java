/** Reads what all requests of the native API share: strict queries and JSON documents, entity tags and idempotency keys. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.request;
