/** What every command stands on: streams, environment, interruption, exit codes and the wording of amounts. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.shell;
