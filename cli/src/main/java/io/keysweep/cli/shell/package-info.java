/**
 * Contains the parts that all commands share: access to the process ({@code CommandContext}), common options, exit
 * codes, and the output of results ({@code ResultOutput}).
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.shell;
