/** Implements links with the Lettuce client library; no other package depends on that library. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.lettuce;
