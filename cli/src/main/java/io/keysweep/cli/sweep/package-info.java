/** {@code keysweep sweep}: one server, swept from here without a service. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.sweep;
