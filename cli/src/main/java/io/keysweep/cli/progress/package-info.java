/** Shows the progress of a sweep on standard error: as a bar on a terminal, as plain lines elsewhere. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.progress;
