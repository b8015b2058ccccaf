/** Shows the progress of a sweep on the error stream: as a bar on a terminal, as plain lines elsewhere. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.progress;
