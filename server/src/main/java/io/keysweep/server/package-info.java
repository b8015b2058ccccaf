/** The Keysweep service. {@code ServerMain} starts it; every other package is one feature. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server;
