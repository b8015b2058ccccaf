/**
 * Contains what all commands share: the outside world as a command sees it ({@code CommandContext}), options, exit codes, and
 * how a result is written.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.shell;
