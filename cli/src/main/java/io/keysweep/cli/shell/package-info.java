/**
 * The base of all commands: the outside world as a command sees it ({@code Shell}), options that several commands share,
 * how a result is written, and exit codes.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.shell;
