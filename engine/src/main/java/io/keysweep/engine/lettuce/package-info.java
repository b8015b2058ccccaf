/** The only room that knows the Redis client library. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.lettuce;
