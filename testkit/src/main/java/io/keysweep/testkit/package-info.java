/** Keysweep testkit. */
@org.jspecify.annotations.NullMarked
package io.keysweep.testkit;
