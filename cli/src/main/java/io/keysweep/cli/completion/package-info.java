/** Writes the scripts by which bash, zsh and fish complete commands, options, names and ids. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.completion;
