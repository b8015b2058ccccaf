/**
 * The command line. {@code KeysweepCommand} is its entry; {@code sweep} works without a service, {@code service} with one,
 * {@code quickstart} brings its own.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli;
