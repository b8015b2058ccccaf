/** Contains the Keysweep service: {@code ServerMain} starts it, and each subpackage implements one feature. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server;
