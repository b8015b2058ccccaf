/**
 * Contains the command line of Keysweep, with {@code KeysweepCommand} as its entry point. The commands in {@code
 * sweep}, {@code control}, {@code doctor} and {@code estimate} work without a service. The commands in {@code service}
 * call a running service, and {@code quickstart} starts its own.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli;
