/** How a running sweep shows on the error stream: a bar on a terminal, plain lines elsewhere. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.progress;
